//! RPC version 2: requests and responses as text streams.

use super::{Answer, CallId, Caller, Invocation, PerformRpc, RpcError, Slot, find, free, perform};
use crate::data::encryption::Encryption;
use crate::data::error::SendError;
use crate::data::event::Event;
use crate::data::fields::{Fields, text};
use crate::data::id::Uuid;
use crate::data::local::LocalParticipant;
use crate::data::packet::Packet;
use crate::data::resend::Keep;
use crate::data::stream::{Attributes, MAX_CHUNK_BYTES, StreamInfo, StreamOptions, StreamWriter};
use crate::tags::data_stream::header;
use crate::{DecodeError, RpcCode, attributes, topics};

/// The response timeout of a request that does not say it, as LiveKit's Rust SDK has it.
const DEFAULT_RESPONSE_TIMEOUT_MS: u32 = 15_000;

const MALFORMED: RpcError<'static> =
    RpcError::new(RpcCode::APPLICATION_ERROR, "RPC data stream malformed");

/// What the attributes of a request or a response say.
pub(in crate::data) struct Head<'a> {
    pub(in crate::data) request_id: &'a str,
    method: &'a str,
    version: &'a str,
    response_timeout_ms: u32,
}

/// Whether a stream is one of RPC, by its topic.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::data) enum Kind {
    Request,
    Response,
}

/// `None` for a stream that is not one of RPC.
pub(in crate::data) fn kind(fields: &Fields<'_>) -> Option<Kind> {
    let topic = fields.bytes(header::TOPIC);
    if topic == topics::RPC_REQUEST.as_bytes() {
        Some(Kind::Request)
    } else if topic == topics::RPC_RESPONSE.as_bytes() {
        Some(Kind::Response)
    } else {
        None
    }
}

impl<'a> Head<'a> {
    /// Reads the attributes of the header `body`; there may be others beside them.
    #[inline(never)]
    pub(in crate::data) fn read(body: &'a [u8]) -> Self {
        let response_timeout_ms = DEFAULT_RESPONSE_TIMEOUT_MS;
        let mut head = Self { request_id: "", method: "", version: "", response_timeout_ms };
        for (key, value) in Attributes::new(body, header::ATTRIBUTES) {
            match key {
                attributes::RPC_REQUEST_ID => head.request_id = value,
                attributes::RPC_REQUEST_METHOD => head.method = value,
                attributes::RPC_REQUEST_VERSION => head.version = value,
                attributes::RPC_REQUEST_RESPONSE_TIMEOUT_MS => {
                    head.response_timeout_ms = value.parse().unwrap_or(DEFAULT_RESPONSE_TIMEOUT_MS);
                }
                _ => {}
            }
        }
        head
    }

    /// Why the request is not run, whatever its payload is. `compressed`: the session takes compressed streams.
    pub(in crate::data) fn refused(
        &self,
        fields: &Fields<'_>,
        compressed: bool,
    ) -> Option<RpcError<'static>> {
        if self.version != "2" {
            return Some(RpcError::UNSUPPORTED_VERSION);
        }
        (self.method.is_empty() || !is_readable(fields, compressed)).then_some(MALFORMED)
    }

    pub(in crate::data) const fn invocation(
        &self,
        caller: Caller<'a>,
        payload: &'a str,
    ) -> Invocation<'a> {
        let Self { method, response_timeout_ms, .. } = *self;
        Invocation { caller, method, payload, response_timeout_ms }
    }
}

/// A text, and a compressed one only if that is wanted.
fn is_readable(fields: &Fields<'_>, compressed: bool) -> bool {
    let compression = fields.number(header::COMPRESSION);
    let is_whole = compression != 0
        || !fields.has(header::INLINE_CONTENT)
        || !fields.has(header::TOTAL_LENGTH)
        || fields.number(header::TOTAL_LENGTH) as usize
            == fields.bytes(header::INLINE_CONTENT).len();
    fields.has(header::TEXT_HEADER) && compression <= u32::from(compressed) && is_whole
}

/// Whether the payload is a stream to the firmware: in chunks, or compressed.
pub(in crate::data) fn is_streamed(fields: &Fields<'_>) -> bool {
    let is_empty = fields.has(header::TOTAL_LENGTH) && fields.number(header::TOTAL_LENGTH) == 0;
    let is_compressed = fields.number(header::COMPRESSION) != 0;
    is_compressed || (!is_empty && !fields.has(header::INLINE_CONTENT))
}

/// The payload, if the header has all of it.
pub(in crate::data) fn payload<'a>(
    fields: &Fields<'a>,
    frame: &[u8],
) -> Result<Option<&'a str>, DecodeError> {
    match is_streamed(fields) {
        true => Ok(None),
        false => text(fields.bytes(header::INLINE_CONTENT), frame).map(Some),
    }
}

/// Takes a response. One in chunks is too large, unless there is space for its stream.
#[inline(never)]
pub(in crate::data) fn answer<'a>(
    slots: &mut [Slot],
    packet: &Packet<'a>,
    fields: &Fields<'a>,
    compressed: bool,
    frame: &[u8],
    event: &mut Option<Event<'a>>,
) -> Result<(), DecodeError> {
    let payload = payload(fields, frame)?;
    let request_id = Head::read(packet.body).request_id.as_bytes();
    let Some((call, slot)) = find(slots, packet.identity, request_id) else { return Ok(()) };
    slot.close();
    let result = match payload {
        _ if !is_readable(fields, compressed) => Err(MALFORMED),
        Some(payload) => Ok(payload),
        None => Err(RpcError::RESPONSE_PAYLOAD_TOO_LARGE),
    };
    *event = Some(Event::Answer(Answer { call, result }));
    Ok(())
}

/// Bytes of the header of a request or a response that are not its texts, at most.
const HEADER: usize = 256;

/// Whether a payload fits one frame, together with these texts.
fn fits(payload: &str, texts: [&str; 3]) -> bool {
    let len = texts.iter().fold(HEADER, |sum, text| sum.saturating_add(text.len()));
    payload.len() <= MAX_CHUNK_BYTES.saturating_sub(len)
}

/// Whether the response can be a stream in one frame.
pub(in crate::data) fn fits_inline(caller: &Caller<'_>, payload: &str) -> bool {
    let id = caller.request_id;
    caller.reads_inline && fits(payload, [caller.identity, id, id])
}

/// Makes the frame of a call: a stream in one frame if the participant reads it, else a packet.
#[inline(never)]
pub(in crate::data) fn perform_v2<'b, K: Keep, E: Encryption>(
    slots: &mut [Slot],
    local: &mut LocalParticipant<K, E>,
    call: &PerformRpc<'_>,
    random: [u8; 16],
    now: u32,
    buf: &'b mut [u8],
) -> Result<(CallId, &'b [u8]), SendError> {
    let texts = [call.destination_identity, call.method, ""];
    if call.client_protocol < 2 || !fits(call.payload, texts) {
        return perform(slots, local, call, random, now, buf);
    }
    let (at, slot) = free(slots)?;
    let id = Uuid::new(random);
    let (mut text, mut digits) = ([0; 36], [0; 10]);
    let request_id = id.text(&mut text);
    let attributes = request(call, request_id, &mut digits);
    let options = StreamOptions {
        topic: topics::RPC_REQUEST,
        attributes: &attributes,
        ..StreamOptions::default()
    };
    // The id of the request is as good for its stream.
    let payload = Some(call.payload.as_bytes());
    let to = [call.destination_identity];
    let frame = local.header(&options, &to, true, payload, request_id, buf)?;
    Ok((slot.wait(at, id, call, now), frame))
}

/// Makes the frame of the header of a call, and what makes the others.
#[inline(always)] // moving the writer would take `memcpy`
pub(in crate::data) fn stream<'a, 'b, K: Keep, E: Encryption>(
    slots: &mut [Slot],
    local: &mut LocalParticipant<K, E>,
    call: &'a PerformRpc<'a>,
    total_length: Option<u32>,
    [random, random_of_stream]: [[u8; 16]; 2],
    now: u32,
    buf: &'b mut [u8],
) -> Result<(CallId, StreamWriter<'a>, &'b [u8]), SendError> {
    let (at, slot) = free(slots)?;
    let id = Uuid::new(random);
    let (mut text, mut digits) = ([0; 36], [0; 10]);
    let attributes = request(call, id.text(&mut text), &mut digits);
    let options = StreamOptions {
        topic: topics::RPC_REQUEST,
        total_length,
        attributes: &attributes,
        ..StreamOptions::default()
    };
    let to = core::slice::from_ref(&call.destination_identity);
    let (writer, frame) = local.open(&options, to, true, random_of_stream, buf)?;
    Ok((slot.wait(at, id, call, now), writer, frame))
}

/// The attributes of a request.
fn request<'t>(
    call: &PerformRpc<'t>,
    request_id: &'t str,
    digits: &'t mut [u8; 10],
) -> [(&'static str, &'t str); 4] {
    [
        (attributes::RPC_REQUEST_ID, request_id),
        (attributes::RPC_REQUEST_METHOD, call.method),
        (attributes::RPC_REQUEST_RESPONSE_TIMEOUT_MS, decimal(call.their_timeout_ms(), digits)),
        (attributes::RPC_REQUEST_VERSION, "2"),
    ]
}

impl<'a> StreamInfo<'a> {
    /// Returns the call whose payload this stream is: a request of RPC version 2 in chunks. It is acknowledged
    /// already. Keep the [`caller`](Caller::keep) and what the method is, and respond when the stream is
    /// complete. One that is closed in its first part has been refused already.
    pub fn invocation(&self) -> Option<Invocation<'a>> {
        let head = Head::read(self.body);
        let is_call = !head.method.is_empty() && !head.version.is_empty();
        let caller = Caller::new(self.from, head.request_id);
        is_call.then(|| head.invocation(caller, ""))
    }
}

impl<K: Keep, E: Encryption> LocalParticipant<K, E> {
    /// Makes a response as a text stream in one frame.
    pub(in crate::data) fn respond_inline<'b>(
        &mut self,
        caller: &Caller<'_>,
        payload: &str,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        let (id, to) = (caller.request_id, [caller.identity]);
        let attributes = [(attributes::RPC_REQUEST_ID, id)];
        let options = StreamOptions {
            topic: topics::RPC_RESPONSE,
            attributes: &attributes,
            ..StreamOptions::default()
        };
        self.header(&options, &to, true, Some(payload.as_bytes()), id, buf)
    }

    /// Opens the response to a call of RPC version 2 as a text stream, for one of any length: makes the frame of
    /// its header, and what makes the others. `random` becomes the id of the stream.
    ///
    /// A caller of version 1 may not take it: [`respond`](Self::respond) has at most 15 360 bytes.
    ///
    /// # Errors
    /// See [`SendError`].
    #[inline(always)] // moving the writer would take `memcpy`
    pub fn stream_response<'a, 'b>(
        &mut self,
        caller: &'a Caller<'a>,
        total_length: Option<u32>,
        random: [u8; 16],
        buf: &'b mut [u8],
    ) -> Result<(StreamWriter<'a>, &'b [u8]), SendError> {
        let attributes = [(attributes::RPC_REQUEST_ID, caller.request_id)];
        let options = StreamOptions {
            topic: topics::RPC_RESPONSE,
            total_length,
            attributes: &attributes,
            ..StreamOptions::default()
        };
        self.open(&options, core::slice::from_ref(&caller.identity), true, random, buf)
    }
}

/// Writes a number in decimal digits.
fn decimal(mut value: u32, digits: &mut [u8; 10]) -> &str {
    let mut start = digits.len();
    loop {
        start = start.saturating_sub(1);
        if let Some(digit) = digits.get_mut(start) {
            *digit = b'0' + (value % 10) as u8;
        }
        value /= 10;
        if value == 0 {
            return core::str::from_utf8(digits.get(start..).unwrap_or_default())
                .unwrap_or_default();
        }
    }
}
