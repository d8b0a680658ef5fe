//! What a person sees of the packets.

use livekit_micro::DecodeError;
use livekit_micro::owned::DataPacket;
use livekit_micro::owned::data_packet::Value;

pub fn head() {
    println!("{:>5}  {:>5}  {:<14}  {:<10}  what a reader sees", "seq", "bytes", "packet", "topic");
}

/// One line for a packet that takes `len` bytes on the wire.
pub fn row(len: usize, packet: &DataPacket) {
    let (kind, topic, content) = match &packet.value {
        Some(Value::User(user)) => {
            ("user", user.topic.as_deref().unwrap_or("-"), text(&user.payload))
        }
        Some(Value::StreamHeader(header)) => {
            let length = header.total_length.map_or("?".to_owned(), |length| length.to_string());
            let content = format!("{}, {length} bytes to come", header.mime_type);
            ("stream header", header.topic.as_str(), content)
        }
        Some(Value::StreamChunk(chunk)) => ("stream chunk", "", text(&chunk.content)),
        Some(Value::StreamTrailer(trailer)) => ("stream trailer", "", trailer.reason.to_string()),
        Some(Value::RpcRequest(rpc)) => {
            ("rpc request", rpc.method.as_str(), rpc.payload.to_string())
        }
        Some(Value::RpcAck(ack)) => ("rpc ack", "", ack.request_id.to_string()),
        Some(Value::RpcResponse(response)) => ("rpc response", "", format!("{:?}", response.value)),
        Some(Value::EncryptedPacket(packet)) => {
            ("encrypted", "", format!("{} bytes", packet.encrypted_value.len()))
        }
        Some(other) => ("other", "", format!("{other:?}")),
        None => ("empty", "", String::new()),
    };
    line(packet.sequence, len, kind, topic, &content);
}

/// One line for a frame that could not be read.
pub fn failure(len: usize, file: &str, error: &DecodeError) {
    line(0, len, "-", "-", &format!("{error} ({file})"));
}

fn line(sequence: u32, len: usize, kind: &str, topic: &str, content: &str) {
    let short: String = content.chars().take(72).collect();
    println!("{sequence:>5}  {len:>5}  {kind:<14}  {topic:<10}  {short}");
}

/// Text as it is, other bytes by their number.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().map(|c| if c.is_control() { '·' } else { c }).collect(),
        Err(_) => format!("{} bytes", bytes.len()),
    }
}
