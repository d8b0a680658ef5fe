//! Remote procedure calls: methods of this participant that others call, and calls of others' methods.

mod error;
mod incoming;
mod outgoing;

pub use error::RpcError;
pub use incoming::{Caller, Invocation, Pending};
pub use outgoing::{Answer, CallId, PerformRpc};

pub(super) use incoming::{Recent, caller, is_supported, request};
pub(super) use outgoing::{Slot, answer, fail_first, perform, poll, poll_in};

pub use crate::MAX_RPC_PAYLOAD_BYTES;

/// RPC: others may call this participant, and `CALLS` calls of its own may wait for their responses at a time.
///
/// Requests of RPC version 1 are taken and made. Those of version 2 are only made by callers for participants
/// whose `client_protocol` is 1 or more: announce 0.
pub struct Rpc<const CALLS: usize = 0> {
    calls: [Slot; CALLS],
    recent: Recent,
}

/// The RPC side of a session: `()`, or [`Rpc`].
pub trait Calls: sealed::Calls {}

impl Calls for () {}
impl<const CALLS: usize> Calls for Rpc<CALLS> {}

pub(super) mod sealed {
    use super::{Recent, Slot};

    pub trait Calls {
        const EMPTY: Self;
        /// Others may call.
        const IS_CALLEE: bool;
        /// How many calls there may be to others.
        const CALLS: usize;

        fn calls(&mut self) -> &mut [Slot];
        fn recent(&mut self) -> Option<&mut Recent>;
    }
}

impl sealed::Calls for () {
    const EMPTY: Self = ();
    const IS_CALLEE: bool = false;
    const CALLS: usize = 0;

    fn calls(&mut self) -> &mut [Slot] {
        &mut []
    }

    fn recent(&mut self) -> Option<&mut Recent> {
        None
    }
}

impl<const CALLS: usize> sealed::Calls for Rpc<CALLS> {
    const EMPTY: Self = Self { calls: [Slot::FREE; CALLS], recent: Recent::EMPTY };
    const IS_CALLEE: bool = true;
    const CALLS: usize = CALLS;

    fn calls(&mut self) -> &mut [Slot] {
        &mut self.calls
    }

    fn recent(&mut self) -> Option<&mut Recent> {
        Some(&mut self.recent)
    }
}
