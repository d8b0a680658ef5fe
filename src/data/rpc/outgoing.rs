//! Calls of others' methods.

use super::{MAX_RPC_PAYLOAD_BYTES, RpcError};
use crate::data::encryption::Encryption;
use crate::data::error::SendError;
use crate::data::event::Event;
use crate::data::fields::{Fields, text};
use crate::data::id::{Uuid, hash};
use crate::data::local::LocalParticipant;
use crate::data::packet::Packet;
use crate::data::resend::Keep;
use crate::tags::{data_packet, rpc_error, rpc_request, rpc_response};
use crate::{DecodeError, RpcCode, Writer};

/// Milliseconds within which a request is acknowledged, the way there and back; after that it has failed
/// with [`RpcError::CONNECTION_TIMEOUT`].
const MAX_ROUND_TRIP_MS: u32 = 7_000;
/// The least that a callee is told to respond within.
const MIN_RESPONSE_TIMEOUT_MS: u32 = 1_000;

/// A call of another participant's method.
#[derive(Clone, Copy)]
pub struct PerformRpc<'a> {
    /// The identity of the participant.
    pub destination_identity: &'a str,
    /// The method.
    pub method: &'a str,
    /// What it is called with, at most 15 360 bytes.
    pub payload: &'a str,
    /// Milliseconds from now until the call has failed with [`RpcError::RESPONSE_TIMEOUT`]; 15 s by default.
    pub response_timeout_ms: u32,
    /// `ParticipantInfo.client_protocol` of the participant; 0 if it is not known. [`RpcV2`](super::RpcV2)
    /// makes requests of version 2 from 2 on, if they fit one frame.
    pub client_protocol: i32,
}

impl Default for PerformRpc<'_> {
    fn default() -> Self {
        Self {
            destination_identity: "",
            method: "",
            payload: "",
            response_timeout_ms: 15_000,
            client_protocol: 0,
        }
    }
}

/// A call that waits for its response: [`Answer::call`] is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CallId {
    slot: u8,
    turn: u8,
}

/// What has become of a call. Each call has one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Answer<'a> {
    /// Which call.
    pub call: CallId,
    /// The response, or why there is none.
    pub result: Result<&'a str, RpcError<'a>>,
}

/// A call that waits, or a free slot.
#[derive(Clone, Copy)]
pub struct Slot {
    id: Uuid,
    /// The hash of the callee's identity: a response of another participant does not count. The random id is
    /// compared too.
    callee: u32,
    called_at: u32,
    timeout_ms: u32,
    turn: u8,
    is_waiting: bool,
    is_acknowledged: bool,
}

impl Slot {
    pub(in crate::data) const FREE: Self = Self {
        id: Uuid::NONE,
        callee: 0,
        called_at: 0,
        timeout_ms: 0,
        turn: 0,
        is_waiting: false,
        is_acknowledged: false,
    };

    /// Milliseconds until it has failed.
    fn left(&self, now: u32) -> u32 {
        let timeout = match self.is_acknowledged {
            true => self.timeout_ms,
            false => self.timeout_ms.min(MAX_ROUND_TRIP_MS),
        };
        timeout.saturating_sub(now.wrapping_sub(self.called_at))
    }

    pub(in crate::data) fn is_to(&self, identity: &[u8]) -> bool {
        self.callee == hash(identity)
    }
}

impl PerformRpc<'_> {
    /// What the callee is told to respond within.
    pub(super) fn their_timeout_ms(&self) -> u32 {
        self.response_timeout_ms.saturating_sub(MAX_ROUND_TRIP_MS).max(MIN_RESPONSE_TIMEOUT_MS)
    }
}

/// Finds space for a call.
pub(super) fn free(slots: &mut [Slot]) -> Result<(u8, &mut Slot), SendError> {
    let max = slots.len();
    let mut free = (0..).zip(slots).filter(|(_, slot)| !slot.is_waiting);
    free.next().ok_or(SendError::TooManyCalls { max })
}

/// Makes the frame of a call.
#[inline(never)]
pub(in crate::data) fn perform<'b, K: Keep, E: Encryption>(
    slots: &mut [Slot],
    local: &mut LocalParticipant<K, E>,
    call: &PerformRpc<'_>,
    random: [u8; 16],
    now: u32,
    buf: &'b mut [u8],
) -> Result<(CallId, &'b [u8]), SendError> {
    SendError::check("payload", call.payload.len(), MAX_RPC_PAYLOAD_BYTES)?;
    let (at, slot) = free(slots)?;
    let id = Uuid::new(random);
    let mut text = [0; 36];
    let text = id.text(&mut text);
    let body = |w: &mut Writer<'_>| {
        w.uint32(rpc_request::VERSION, 1);
        w.uint32(rpc_request::RESPONSE_TIMEOUT_MS, call.their_timeout_ms());
        w.str(rpc_request::PAYLOAD, call.payload);
        w.str(rpc_request::METHOD, call.method);
        w.str(rpc_request::ID, text);
    };
    let frame = local.write(&[call.destination_identity], data_packet::RPC_REQUEST, &body, buf)?;
    Ok((slot.wait(at, id, call, now), frame))
}

impl Slot {
    /// Waits for the response of a call that is sent.
    #[inline(never)]
    pub(super) fn wait(&mut self, at: u8, id: Uuid, call: &PerformRpc<'_>, now: u32) -> CallId {
        // One by one: all at once would be a call of `memcpy`.
        (self.id, self.callee) = (id, hash(call.destination_identity.as_bytes()));
        (self.called_at, self.timeout_ms) = (now, call.response_timeout_ms);
        (self.is_waiting, self.is_acknowledged) = (true, false);
        self.turn = self.turn.wrapping_add(1);
        CallId { slot: at, turn: self.turn }
    }

    /// The call has its answer.
    pub(super) fn close(&mut self) {
        self.is_waiting = false;
    }
}

/// Finds the call to this participant that waits for a response to this request.
pub(in crate::data) fn find<'s>(
    slots: &'s mut [Slot],
    identity: &[u8],
    request_id: &[u8],
) -> Option<(CallId, &'s mut Slot)> {
    let mut slots = (0..).zip(slots);
    let (at, slot) = slots
        .find(|(_, slot)| slot.is_waiting && slot.is_to(identity) && slot.id.is(request_id))?;
    Some((CallId { slot: at, turn: slot.turn }, slot))
}

/// Takes an acknowledgement or a response. Those of calls that do not wait, or of others than who was called,
/// are ignored.
#[inline(never)]
pub(in crate::data) fn answer<'a>(
    slots: &mut [Slot],
    packet: &Packet<'a>,
    fields: &mut Fields<'a>,
    frame: &[u8],
    event: &mut Option<Event<'a>>,
) -> Result<(), DecodeError> {
    // An acknowledgement and a response have it in the same place.
    let request_id = fields.bytes(rpc_response::REQUEST_ID);
    let Some((call, slot)) = find(slots, packet.identity, request_id) else { return Ok(()) };
    if packet.tag == data_packet::RPC_ACK {
        slot.is_acknowledged = true;
        return Ok(());
    }
    let result = if fields.has(rpc_response::ERROR) {
        let body = fields.bytes(rpc_response::ERROR);
        *fields = Fields::EMPTY;
        fields.read(body, frame)?;
        Err(RpcError {
            code: RpcCode(fields.number(rpc_error::CODE)),
            message: text(fields.bytes(rpc_error::MESSAGE), frame)?,
            data: text(fields.bytes(rpc_error::DATA), frame)?,
        })
    } else if fields.has(rpc_response::PAYLOAD) {
        Ok(text(fields.bytes(rpc_response::PAYLOAD), frame)?)
    } else {
        Err(RpcError::new(RpcCode::APPLICATION_ERROR, "RPC response carried no value"))
    };
    slot.close();
    *event = Some(Event::Answer(Answer { call, result }));
    Ok(())
}

/// The next call whose time is over.
#[inline(never)]
pub(in crate::data) fn poll(slots: &mut [Slot], now: u32) -> Option<Answer<'static>> {
    let slot = slots.iter().find(|slot| slot.is_waiting && slot.left(now) == 0)?;
    let error = match slot.is_acknowledged || slot.timeout_ms < MAX_ROUND_TRIP_MS {
        true => RpcError::RESPONSE_TIMEOUT,
        false => RpcError::CONNECTION_TIMEOUT,
    };
    fail_first(slots, error, &|slot| slot.left(now) == 0)
}

/// Milliseconds until [`poll`] has something to say.
pub(in crate::data) fn poll_in(slots: &[Slot], now: u32) -> Option<u32> {
    slots.iter().filter(|slot| slot.is_waiting).map(|slot| slot.left(now)).min()
}

/// Gives up the first call for which `is` is `true`.
#[inline(never)]
pub(in crate::data) fn fail_first(
    slots: &mut [Slot],
    error: RpcError<'static>,
    is: &dyn Fn(&Slot) -> bool,
) -> Option<Answer<'static>> {
    let (at, slot) = slots.iter_mut().enumerate().find(|(_, slot)| slot.is_waiting && is(slot))?;
    slot.is_waiting = false;
    Some(Answer { call: CallId { slot: at as u8, turn: slot.turn }, result: Err(error) })
}
