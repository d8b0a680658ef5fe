//! Packets as lines of a table.

use livekit_micro::borrowed::DataPacket;
use livekit_micro::borrowed::data_packet::Value;
use livekit_micro::{DecodeError, from_bytes};

pub fn head() {
    println!("{:>5}  {:>5}  {:<14}  {:<10}  what a reader sees", "seq", "bytes", "packet", "topic");
}

/// Prints a line for an encoded packet.
///
/// # Errors
/// If it is malformed: `from_bytes` finds what is wrong outside of submessages, `read` inside of them.
pub fn row(encoded: &[u8]) -> Result<(), DecodeError> {
    let packet: DataPacket = from_bytes(encoded)?;
    let (kind, topic, content) = match packet.value {
        Some(Value::User(user)) => {
            let user = user.read()?;
            ("user", user.topic.unwrap_or("-"), text(user.payload))
        }
        Some(Value::StreamHeader(header)) => {
            let header = header.read()?;
            let length = header.total_length.map_or("?".to_owned(), |length| length.to_string());
            let content = format!("{}, {length} bytes to come", header.mime_type);
            ("stream header", header.topic, content)
        }
        Some(Value::StreamChunk(chunk)) => ("stream chunk", "", text(chunk.read()?.content)),
        Some(Value::StreamTrailer(trailer)) => {
            ("stream trailer", "", trailer.read()?.reason.to_owned())
        }
        Some(Value::RpcRequest(rpc)) => {
            let rpc = rpc.read()?;
            ("rpc request", rpc.method, rpc.payload.to_owned())
        }
        Some(Value::RpcAck(ack)) => ("rpc ack", "", ack.read()?.request_id.to_owned()),
        Some(Value::RpcResponse(response)) => {
            ("rpc response", "", format!("{:?}", response.read()?.value))
        }
        Some(Value::EncryptedPacket(packet)) => {
            ("encrypted", "", format!("{} bytes", packet.read()?.encrypted_value.len()))
        }
        Some(other) => ("other", "", format!("{other:?}")),
        None => ("empty", "", String::new()),
    };
    let short: String = content.chars().take(72).collect();
    line(packet.sequence, encoded.len(), kind, topic, &short);
    Ok(())
}

/// Prints a line for a packet that is malformed.
pub fn failure(len: usize, file: &str, error: &DecodeError) {
    line(0, len, "-", "-", &format!("{file}: {error}"));
}

fn line(sequence: u32, len: usize, kind: &str, topic: &str, content: &str) {
    println!("{sequence:>5}  {len:>5}  {kind:<14}  {topic:<10}  {content}");
}

/// Text unchanged, of other bytes their number.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().map(|c| if c.is_control() { '·' } else { c }).collect(),
        Err(_) => format!("{} bytes", bytes.len()),
    }
}
