//! The device's part: it fills one data packet, allocates nothing and would run on bare metal.

use core::fmt::{self, Write as _};

use livekit_micro::CapacityError;
use livekit_micro::owned::data_packet::Value;
use livekit_micro::owned::data_stream::header::ContentHeader;
use livekit_micro::owned::data_stream::{self, Chunk, Header, TextHeader, Trailer};
use livekit_micro::owned::{DataPacket, UserPacket};

/// Topic of the readings.
pub const READINGS: &str = "readings";
/// Topic of the log.
pub const LOG: &str = "log";
/// Names the one stream of this run; a device draws a UUID for each stream.
const STREAM_ID: &str = "3f0c1f9e-6a3d-4b52-9d53-8f6c0f7a1e11";

/// What the sensor says.
pub struct Reading {
    /// Counts from 0; a receiver sees gaps and doubles by it.
    pub number: u32,
    pub centi_celsius: i32,
}

/// A sensor that swings by five degrees around twenty.
pub fn sample(number: u32) -> Reading {
    let swing = [0, 191, 354, 462, 500, 462, 354, 191];
    let half = if number & 8 == 0 { 1 } else { -1 };
    Reading { number, centi_celsius: 2000 + half * swing[number as usize % 8] }
}

/// A reading as a user packet with a topic.
pub fn reading(packet: &mut DataPacket, reading: &Reading) -> Result<(), Full> {
    let mut user = UserPacket::new();
    user.topic = Some(READINGS.try_into()?);
    let (whole, hundredths) = (reading.centi_celsius / 100, reading.centi_celsius % 100);
    write!(user.payload, r#"{{"n":{},"celsius":{whole}.{hundredths:02}}}"#, reading.number)?;
    send(packet, Value::User(user));
    Ok(())
}

/// The begin of a text stream that holds one line of the log.
pub fn log_header(packet: &mut DataPacket, line: &str, now_ms: i64) -> Result<(), Full> {
    let mut header = Header::new();
    header.stream_id = STREAM_ID.try_into()?;
    header.timestamp = now_ms;
    header.topic = LOG.try_into()?;
    header.mime_type = "text/plain".try_into()?;
    header.total_length = Some(line.len() as u64);
    header.content_header = Some(ContentHeader::TextHeader(TextHeader {
        operation_type: data_stream::OperationType::Create,
        ..TextHeader::new()
    }));
    send(packet, Value::StreamHeader(header));
    Ok(())
}

/// The line itself.
pub fn log_chunk(packet: &mut DataPacket, line: &str) -> Result<(), Full> {
    let mut chunk = Chunk::new();
    chunk.stream_id = STREAM_ID.try_into()?;
    chunk.content = line.as_bytes().try_into()?;
    send(packet, Value::StreamChunk(chunk));
    Ok(())
}

/// The end of the stream.
pub fn log_trailer(packet: &mut DataPacket) -> Result<(), Full> {
    let mut trailer = Trailer::new();
    trailer.stream_id = STREAM_ID.try_into()?;
    send(packet, Value::StreamTrailer(trailer));
    Ok(())
}

/// Puts `value` into the packet under the next number: reliable packets count from 1.
fn send(packet: &mut DataPacket, value: Value) {
    packet.sequence += 1;
    packet.value = Some(value);
}

/// A text or a payload is longer than its field.
#[derive(Debug)]
pub struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("longer than its field; see livekit_micro::limits")
    }
}

impl core::error::Error for Full {}

impl From<CapacityError> for Full {
    fn from(_: CapacityError) -> Self {
        Self
    }
}

impl From<fmt::Error> for Full {
    fn from(_: fmt::Error) -> Self {
        Self
    }
}
