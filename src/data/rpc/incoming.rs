//! Calls of this participant's methods.

use super::{MAX_RPC_PAYLOAD_BYTES, RpcError};
use crate::data::encryption::Encryption;
use crate::data::error::SendError;
use crate::data::event::Event;
use crate::data::fields::{Fields, text};
use crate::data::id::{Sid, Text, hash};
use crate::data::local::LocalParticipant;
use crate::data::packet::Packet;
use crate::data::resend::Keep;
use crate::tags::{data_packet, rpc_ack, rpc_error, rpc_request, rpc_response};
use crate::{DecodeError, Writer};

/// Bytes of an error's message at most.
const MAX_MESSAGE_BYTES: usize = 256;

/// A call of one of this participant's methods. Its acknowledgement is already among the replies.
#[derive(Clone, Copy)]
pub struct Invocation<'a> {
    /// Who calls: the response goes there.
    pub caller: Caller<'a>,
    /// The method.
    pub method: &'a str,
    /// What it is called with.
    pub payload: &'a str,
    /// Milliseconds within which the response should be sent; after that the caller does not wait any longer.
    pub response_timeout_ms: u32,
}

/// The caller of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Caller<'a> {
    /// The identity of the participant; of a call by `PerformRpc` over HTTP, the id of the request.
    pub identity: &'a str,
    /// The id of the request.
    pub request_id: &'a str,
    /// The caller reads streams in one frame, as its request was one: then so is the response.
    pub reads_inline: bool,
}

/// The caller of a call that is answered later than its frame lives: a value of the firmware's, in whatever
/// queue it has. `IDENTITY` is the longest identity.
#[derive(Clone, Copy)]
pub struct Pending<const IDENTITY: usize = 64> {
    identity: Text<IDENTITY>,
    request_id: Text<36>,
    reads_inline: bool,
}

impl<'a> Caller<'a> {
    /// The caller of a request whose response is a packet.
    pub const fn new(identity: &'a str, request_id: &'a str) -> Self {
        Self { identity, request_id, reads_inline: false }
    }
    /// Keeps the caller; `None` if its identity is longer than that, or its request id than 36 bytes.
    pub fn keep<const IDENTITY: usize>(&self) -> Option<Pending<IDENTITY>> {
        Some(Pending {
            identity: Text::new(self.identity.as_bytes())?,
            request_id: Text::new(self.request_id.as_bytes())?,
            reads_inline: self.reads_inline,
        })
    }
}

impl<const IDENTITY: usize> Pending<IDENTITY> {
    /// Returns the caller, to respond to.
    pub fn caller(&self) -> Caller<'_> {
        let (identity, request_id) = (self.identity.as_str(), self.request_id.as_str());
        Caller { identity, request_id, reads_inline: self.reads_inline }
    }
}

/// The last requests, so that none runs twice: a caller may repeat one after a resume, and a server before
/// 1.13.11 repeats `PerformRpc` by itself.
pub struct Recent {
    hashes: [u32; 8],
    next: u8,
}

impl Recent {
    pub(in crate::data) const EMPTY: Self = Self { hashes: [0; 8], next: 0 };

    /// Returns `false` for a request that is remembered, and remembers it otherwise.
    pub(in crate::data) fn is_new(&mut self, sid: &Sid, request_id: &str) -> bool {
        // 0 is an empty slot.
        let hash = (hash(request_id.as_bytes()) ^ sid.hash()).max(1);
        if self.hashes.contains(&hash) {
            return false;
        }
        if let Some(slot) = self.hashes.get_mut(usize::from(self.next)) {
            *slot = hash;
        }
        self.next = self.next.wrapping_add(1) & 7;
        true
    }
}

/// Returns `true` for a request of version 1.
pub(in crate::data) fn is_supported(fields: &Fields<'_>) -> bool {
    fields.number(rpc_request::VERSION) == 1
}

/// Reads who calls.
#[inline(never)]
pub(in crate::data) fn caller<'a>(
    packet: &Packet<'a>,
    fields: &Fields<'a>,
    frame: &[u8],
) -> Result<Caller<'a>, DecodeError> {
    let identity = text(packet.identity, frame)?;
    Ok(Caller::new(identity, text(fields.bytes(rpc_request::ID), frame)?))
}

/// Reads what is called.
#[inline(never)]
pub(in crate::data) fn request<'a>(
    caller: Caller<'a>,
    fields: &Fields<'a>,
    frame: &[u8],
    event: &mut Option<Event<'a>>,
) -> Result<(), DecodeError> {
    let method = text(fields.bytes(rpc_request::METHOD), frame)?;
    let payload = text(fields.bytes(rpc_request::PAYLOAD), frame)?;
    let response_timeout_ms = fields.number(rpc_request::RESPONSE_TIMEOUT_MS);
    *event = Some(Event::Call(Invocation { caller, method, payload, response_timeout_ms }));
    Ok(())
}

impl<K: Keep, E: Encryption> LocalParticipant<K, E> {
    /// Acknowledges a request. A [`Session`](crate::data::Session) does it by itself.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn acknowledge<'b>(
        &mut self,
        caller: &Caller<'_>,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        let body = |w: &mut Writer<'_>| w.str(rpc_ack::REQUEST_ID, caller.request_id);
        self.write(&[caller.identity], data_packet::RPC_ACK, &body, buf)
    }

    /// Responds to a call. A response over 15 360 bytes becomes the error
    /// [`RESPONSE_PAYLOAD_TOO_LARGE`](RpcError::RESPONSE_PAYLOAD_TOO_LARGE), as the SDKs have it.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn respond<'b>(
        &mut self,
        caller: &Caller<'_>,
        result: Result<&str, RpcError<'_>>,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        let result = match result {
            Ok(payload) if payload.len() > MAX_RPC_PAYLOAD_BYTES => {
                Err(RpcError::RESPONSE_PAYLOAD_TOO_LARGE)
            }
            result => result,
        };
        let body = |w: &mut Writer<'_>| {
            match result {
                Ok(payload) => w.put_str(rpc_response::PAYLOAD, payload),
                Err(error) => w.fields(rpc_response::ERROR, |w| {
                    w.str(rpc_error::DATA, cut(error.data, MAX_RPC_PAYLOAD_BYTES));
                    w.str(rpc_error::MESSAGE, cut(error.message, MAX_MESSAGE_BYTES));
                    w.uint32(rpc_error::CODE, error.code.0);
                }),
            }
            w.str(rpc_response::REQUEST_ID, caller.request_id);
        };
        self.write(&[caller.identity], data_packet::RPC_RESPONSE, &body, buf)
    }
}

/// Cuts a text between characters.
fn cut(text: &str, max: usize) -> &str {
    let mut end = text.len().min(max);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default()
}

impl<const IDENTITY: usize> core::fmt::Debug for Pending<IDENTITY> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("Pending").field(&self.caller()).finish()
    }
}
