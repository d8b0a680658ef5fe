//! A data plane by hand: user packets are published and received within LiveKit's limits, without duplicates; with the
//! feature `callee` calls of version 1 are answered. What it does for a frame is what `livekit_micro::data::Session`
//! does, as far as its messages have the capacity.
//!
//! Strings are C's, as a firmware in C uses them.

use core::ffi::{CStr, c_char};
use core::marker::PhantomData;

use crate::c;

/// A string in the packet that was received last.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Text<'a>(*const c_char, PhantomData<&'a CStr>);

impl<'a> Text<'a> {
    pub fn is(self, other: &CStr) -> bool {
        // SAFETY: both end with NUL, this one as long as the packet is not replaced.
        unsafe { c::nanopb_session_is(self.0, other.as_ptr()) }
    }

    pub fn as_c_str(self) -> &'a CStr {
        // SAFETY: as above.
        unsafe { CStr::from_ptr(self.0) }
    }
}

impl<'a> From<&'a CStr> for Text<'a> {
    fn from(text: &'a CStr) -> Self {
        Self(text.as_ptr(), PhantomData)
    }
}

/// A user packet, as C hands it over.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Data<'a> {
    pub topic: Text<'a>,
    payload: *const u8,
    payload_len: usize,
}

impl<'a> Data<'a> {
    pub fn payload(&self) -> &'a [u8] {
        // SAFETY: it lies in the packet and is as long as is said.
        unsafe { core::slice::from_raw_parts(self.payload, self.payload_len) }
    }
}

/// A call, as C hands it over.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Call<'a> {
    pub request_id: Text<'a>,
    pub method: Text<'a>,
    pub payload: Text<'a>,
    pub response_timeout_ms: u32,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) union What<'a> {
    data: Data<'a>,
    call: Call<'a>,
}

#[derive(Clone, Copy, PartialEq)]
#[repr(u8)]
#[allow(dead_code)] // C makes them
pub(crate) enum Kind {
    Nothing,
    Data,
    Call,
    Other,
}

/// What has come of a packet, as C hands it over.
#[repr(C)]
pub struct Event<'a> {
    kind: Kind,
    /// The sender of a packet.
    pub from: Text<'a>,
    replies: [usize; 2],
    what: What<'a>,
}

impl<'a> Event<'a> {
    /// Bytes of the frames that are to be sent at once, one after the other in the buffer.
    pub fn replies(&self) -> [usize; 2] {
        self.replies
    }

    pub fn data(&self) -> Option<&Data<'a>> {
        // SAFETY: the kind says that it is there.
        match self.kind {
            Kind::Data => Some(unsafe { &self.what.data }),
            _ => None,
        }
    }

    pub fn call(&self) -> Option<&Call<'a>> {
        // SAFETY: as above.
        match self.kind {
            Kind::Call => Some(unsafe { &self.what.call }),
            _ => None,
        }
    }

    pub fn is_other(&self) -> bool {
        self.kind == Kind::Other
    }
}

/// Why a call failed.
#[repr(C)]
pub struct Error<'a> {
    pub code: u32,
    pub message: Text<'a>,
    pub data: Text<'a>,
}

/// The session, whose state is C's.
pub struct Session {
    pub local: Local,
    pub remote: Remote,
}

/// What sends.
pub struct Local(());

/// What receives.
pub struct Remote(());

impl Session {
    /// The only one.
    ///
    /// # Safety
    /// Is called once, by the only thread.
    pub const unsafe fn new() -> Self {
        Self { local: Local(()), remote: Remote(()) }
    }
}

impl Remote {
    /// Takes a frame; `None` if it is not a packet, or one that is larger than the messages. `out` is for replies.
    #[inline(always)]
    pub fn receive<'a>(
        &'a mut self,
        _: &mut Local,
        is_reliable: bool,
        frame: &[u8],
        now: u32,
        out: &mut [u8],
    ) -> Option<Event<'a>> {
        let mut event = core::mem::MaybeUninit::uninit();
        let (frame, len, out, size) = (frame.as_ptr(), frame.len(), out.as_mut_ptr(), out.len());
        // SAFETY: both are as long as is said. A packet has all of the event but for the union, which has what the kind
        // says. No other packet is received while the event lives.
        unsafe {
            let place = event.as_mut_ptr();
            c::nanopb_session_receive(is_reliable, frame, len, now, out, size, place)
                .then(|| event.assume_init())
        }
    }
}

impl Local {
    /// Bytes written, `None` if something is too long.
    #[inline(always)]
    pub fn publish(&mut self, topic: &CStr, payload: &[u8], buf: &mut [u8]) -> Option<usize> {
        let (topic, len) = (topic.as_ptr(), payload.len());
        // SAFETY: all are as long as is said.
        let written = unsafe {
            c::nanopb_session_publish(topic, payload.as_ptr(), len, buf.as_mut_ptr(), buf.len())
        };
        usize::try_from(written).ok()
    }

    /// Bytes written, `None` if the buffer is too small.
    #[cfg(feature = "callee")]
    #[inline(always)]
    pub fn respond(
        &mut self,
        identity: Text<'_>,
        request_id: Text<'_>,
        result: Result<&CStr, &Error<'_>>,
        buf: &mut [u8],
    ) -> Option<usize> {
        let (payload, error) = match result {
            Ok(payload) => (payload.as_ptr(), core::ptr::null()),
            Err(error) => (core::ptr::null(), core::ptr::from_ref(error)),
        };
        let (buf, size) = (buf.as_mut_ptr(), buf.len());
        // SAFETY: the strings end with NUL, the buffer is as long as is said.
        let written = unsafe {
            c::nanopb_session_respond(identity.0, request_id.0, payload, error, buf, size)
        };
        usize::try_from(written).ok()
    }
}
