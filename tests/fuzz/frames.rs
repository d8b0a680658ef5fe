//! Frames of others: packets of LiveKit's own crate in which ids repeat, and what a fault makes of them.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use livekit_protocol::data_packet::Value;
use livekit_protocol::data_stream::header::ContentHeader;
use livekit_protocol::data_stream::{ByteHeader, Chunk, Header, TextHeader, Trailer};
use livekit_protocol::rpc_response;
use livekit_protocol::{self as theirs, UserPacket};
use prost_reflect::prost::Message as _;

/// The highest of the numbers that ids are made of.
pub const IDS: u8 = 3;

/// A sid and an identity: of few, so that they meet again.
pub fn participant(input: &mut Unstructured) -> Result<(String, String)> {
    let who = input.int_in_range(0..=3)?;
    let sid = if who == 0 { String::new() } else { format!("PA_{who:012}") };
    Ok((sid, format!("participant {who}")))
}

/// The id that a session gives to a call with this number for random bytes, in any case.
fn uuid(input: &mut Unstructured) -> Result<String> {
    let byte = format!("{:02x}", input.int_in_range(0..=IDS)?);
    let groups = [4, 2, 2, 2, 6].map(|count| byte.repeat(count));
    let mut id = groups.join("-").into_bytes();
    (id[14], id[19]) = (b'4', b'8');
    Ok(String::from_utf8_lossy(&id).into_owned())
}

fn id(input: &mut Unstructured) -> Result<String> {
    Ok(input.int_in_range(0..=IDS)?.to_string())
}

pub fn bytes(input: &mut Unstructured) -> Result<Vec<u8>> {
    let len = usize::from(input.arbitrary::<u8>()?).min(input.len());
    Ok(input.bytes(len)?.to_vec())
}

fn text(input: &mut Unstructured) -> Result<String> {
    Ok(String::from_utf8_lossy(&bytes(input)?).into_owned())
}

/// A frame as it may come.
pub fn frame(input: &mut Unstructured) -> Result<Vec<u8>> {
    if input.ratio(1, 16)? {
        return bytes(input);
    }
    let (participant_sid, participant_identity) = participant(input)?;
    let packet = theirs::DataPacket {
        participant_sid,
        participant_identity,
        sequence: if input.arbitrary()? { 0 } else { input.int_in_range(1..=20)? },
        ..Default::default()
    };
    let value = theirs::DataPacket { value: Some(value(input)?), ..Default::default() };
    // Go writes a oneof last.
    let mut frame = [packet.encode_to_vec(), value.encode_to_vec()].concat();
    if input.ratio(1, 8)? {
        let at = input.choose_index(frame.len())?;
        frame[at] = input.arbitrary()?;
    }
    if input.ratio(1, 16)? {
        frame.truncate(input.choose_index(frame.len())?);
    }
    Ok(frame)
}

fn value(input: &mut Unstructured) -> Result<Value> {
    Ok(match input.int_in_range(0..=11)? {
        0..=2 => Value::StreamHeader(header(input)?),
        3..=5 => Value::StreamChunk(Chunk {
            stream_id: id(input)?,
            chunk_index: if input.ratio(1, 8)? {
                input.arbitrary()?
            } else {
                input.int_in_range(0..=4)?
            },
            content: bytes(input)?,
            ..Default::default()
        }),
        6 => Value::StreamTrailer(Trailer {
            stream_id: id(input)?,
            reason: if input.ratio(1, 3)? { text(input)? } else { String::new() },
            attributes: [(id(input)?, text(input)?)].into(),
        }),
        7 => Value::RpcRequest(theirs::RpcRequest {
            id: uuid(input)?,
            method: id(input)?,
            payload: text(input)?,
            response_timeout_ms: input.arbitrary()?,
            version: if input.ratio(1, 8)? { input.arbitrary()? } else { 1 },
            ..Default::default()
        }),
        8 => Value::RpcAck(theirs::RpcAck { request_id: uuid(input)? }),
        9 => Value::RpcResponse(theirs::RpcResponse {
            request_id: uuid(input)?,
            value: match input.int_in_range(0..=3)? {
                0 => None,
                1 => Some(rpc_response::Value::Error(theirs::RpcError {
                    code: input.arbitrary()?,
                    message: text(input)?,
                    data: text(input)?,
                })),
                _ => Some(rpc_response::Value::Payload(text(input)?)),
            },
        }),
        10 => Value::User(UserPacket { payload: bytes(input)?, ..Default::default() }),
        _ => Value::Metrics(Default::default()),
    })
}

fn header(input: &mut Unstructured) -> Result<Header> {
    Ok(Header {
        stream_id: if input.ratio(1, 16)? { text(input)? } else { id(input)? },
        topic: ["a", "b", "c"][input.int_in_range(0..=2)?].into(),
        total_length: match input.int_in_range(0..=7)? {
            0 => Some(input.arbitrary()?),
            1..=3 => Some(input.int_in_range(0..=600)?),
            _ => None,
        },
        attributes: [(id(input)?, text(input)?)].into(),
        inline_content: if input.ratio(1, 6)? { Some(bytes(input)?) } else { None },
        compression: if input.ratio(1, 12)? { input.arbitrary()? } else { 0 },
        content_header: match input.int_in_range(0..=7)? {
            0 => None,
            1 => Some(ContentHeader::ByteHeader(ByteHeader { name: text(input)? })),
            _ => Some(ContentHeader::TextHeader(TextHeader::default())),
        },
        ..Default::default()
    })
}
