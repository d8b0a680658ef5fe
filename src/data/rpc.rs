//! Remote procedure calls: methods of this participant that others call, and calls of others' methods.

mod error;
mod incoming;
mod outgoing;
mod stream;

pub use error::RpcError;
pub use incoming::{Caller, Invocation, Pending};
pub use outgoing::{Answer, CallId, PerformRpc};

pub(super) use incoming::{Recent, caller, is_supported, request};
pub(super) use outgoing::{Slot, answer, fail_first, perform, poll, poll_in};
pub(super) use stream::answer as answer_by_stream;
pub(super) use stream::{Head, Kind, fits_inline, is_streamed, kind, payload, perform_v2, stream};

use outgoing::{find, free};

pub use crate::MAX_RPC_PAYLOAD_BYTES;

/// RPC: others may call this participant, and `CALLS` calls of its own may wait for their responses at a time.
///
/// Requests of version 1 are taken and made: announce `client_protocol` 0. [`RpcV2`] has both versions.
pub struct Rpc<const CALLS: usize = 0, const V2: bool = false> {
    calls: [Slot; CALLS],
    recent: Recent,
}

/// [`Rpc`] of versions 1 and 2. Version 2 has requests and responses as text streams, and is what SDKs use
/// towards participants that announce `client_protocol` 1 or more: 1 for streams in chunks, 2 for short ones
/// in one frame as well.
///
/// A payload in one frame is an [`Event`](super::Event) as of version 1. One in chunks is a stream, and so is a
/// compressed one ([`Topics::COMPRESSED`](super::Topics::COMPRESSED): announced, it counts for calls as well): list
/// [`topics::RPC_REQUEST`](crate::topics::RPC_REQUEST) and
/// [`topics::RPC_RESPONSE`](crate::topics::RPC_RESPONSE) in the [`Topics`](super::Topics) of the session to
/// get it, see [`StreamInfo::invocation`](super::StreamInfo::invocation) and
/// [`StreamInfo::response_to`](super::StreamInfo::response_to). Otherwise such a request is refused with
/// [`REQUEST_PAYLOAD_TOO_LARGE`](RpcError::REQUEST_PAYLOAD_TOO_LARGE), and such a response is
/// [`RESPONSE_PAYLOAD_TOO_LARGE`](RpcError::RESPONSE_PAYLOAD_TOO_LARGE).
pub type RpcV2<const CALLS: usize = 0> = Rpc<CALLS, true>;

/// The RPC side of a session: `()`, or [`Rpc`].
pub trait Calls: sealed::Calls {}

impl Calls for () {}
impl<const CALLS: usize, const V2: bool> Calls for Rpc<CALLS, V2> {}

pub(super) mod sealed {
    use super::{Recent, Slot};

    pub trait Calls {
        const EMPTY: Self;
        /// Others may call.
        const IS_CALLEE: bool;
        /// Also by streams.
        const IS_V2: bool;
        /// How many calls there may be to others.
        const CALLS: usize;

        fn calls(&mut self) -> &mut [Slot];
        fn recent(&mut self) -> Option<&mut Recent>;
    }
}

impl sealed::Calls for () {
    const EMPTY: Self = ();
    const IS_CALLEE: bool = false;
    const IS_V2: bool = false;
    const CALLS: usize = 0;

    fn calls(&mut self) -> &mut [Slot] {
        &mut []
    }

    fn recent(&mut self) -> Option<&mut Recent> {
        None
    }
}

impl<const CALLS: usize, const V2: bool> sealed::Calls for Rpc<CALLS, V2> {
    const EMPTY: Self = Self { calls: [Slot::FREE; CALLS], recent: Recent::EMPTY };
    const IS_CALLEE: bool = true;
    const IS_V2: bool = V2;
    const CALLS: usize = CALLS;

    fn calls(&mut self) -> &mut [Slot] {
        &mut self.calls
    }

    fn recent(&mut self) -> Option<&mut Recent> {
        Some(&mut self.recent)
    }
}
