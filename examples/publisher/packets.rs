//! The device's part: it encodes one data packet after the other, copies payloads only into the
//! encoded packet, allocates nothing and would run on bare metal.

use core::fmt::{self, Write as _};

use livekit_micro::borrowed::data_packet::Value;
use livekit_micro::borrowed::data_stream::header::ContentHeader;
use livekit_micro::borrowed::data_stream::{self, Chunk, Header, TextHeader, Trailer};
use livekit_micro::borrowed::{DataPacket, UserPacket};
use livekit_micro::{EncodeError, String, to_slice};

/// Topic of the readings.
pub const READINGS: &str = "readings";
/// Topic of the log.
pub const LOG: &str = "log";
/// Names the one stream of this run; a device draws a UUID for each stream.
const STREAM_ID: &str = "3f0c1f9e-6a3d-4b52-9d53-8f6c0f7a1e11";

/// What the sensor measures.
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

/// Encodes packets and numbers them: reliable ones count from 1.
#[derive(Default)]
pub struct Publisher {
    sequence: u32,
}

impl Publisher {
    /// Encodes a reading as a user packet with a topic.
    pub fn reading<'b>(&mut self, reading: &Reading, buf: &'b mut [u8]) -> Result<&'b [u8], Full> {
        let (whole, hundredths) = (reading.centi_celsius / 100, reading.centi_celsius % 100);
        let mut json: String<48> = String::new();
        write!(json, r#"{{"n":{},"celsius":{whole}.{hundredths:02}}}"#, reading.number)?;
        let user =
            UserPacket { payload: json.as_bytes(), topic: Some(READINGS), ..Default::default() };
        self.send(Value::User((&user).into()), buf)
    }

    /// Encodes the header of a text stream that holds one line of the log.
    pub fn log_header<'b>(
        &mut self,
        line: &str,
        now_ms: i64,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], Full> {
        let text =
            TextHeader { operation_type: data_stream::OperationType::Create, ..Default::default() };
        let header = Header {
            stream_id: STREAM_ID,
            timestamp: now_ms,
            topic: LOG,
            mime_type: "text/plain",
            total_length: Some(line.len() as u64),
            content_header: Some(ContentHeader::TextHeader((&text).into())),
            ..Default::default()
        };
        self.send(Value::StreamHeader((&header).into()), buf)
    }

    /// Encodes the line itself.
    pub fn log_chunk<'b>(&mut self, line: &str, buf: &'b mut [u8]) -> Result<&'b [u8], Full> {
        let content = line.as_bytes();
        let chunk = Chunk { stream_id: STREAM_ID, content, ..Default::default() };
        self.send(Value::StreamChunk((&chunk).into()), buf)
    }

    /// Encodes the end of the stream.
    pub fn log_trailer<'b>(&mut self, buf: &'b mut [u8]) -> Result<&'b [u8], Full> {
        let trailer = Trailer { stream_id: STREAM_ID, ..Default::default() };
        self.send(Value::StreamTrailer((&trailer).into()), buf)
    }

    fn send<'b>(&mut self, value: Value<'_>, buf: &'b mut [u8]) -> Result<&'b [u8], Full> {
        self.sequence += 1;
        let packet =
            DataPacket { sequence: self.sequence, value: Some(value), ..Default::default() };
        Ok(to_slice(&packet, buf)?)
    }
}

/// A payload or a packet does not fit its buffer.
#[derive(Debug)]
pub enum Full {
    Payload(fmt::Error),
    Packet(EncodeError),
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payload(_) => f.write_str("a reading takes more than 48 bytes"),
            Self::Packet(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Full {}

impl From<fmt::Error> for Full {
    fn from(error: fmt::Error) -> Self {
        Self::Payload(error)
    }
}

impl From<EncodeError> for Full {
    fn from(error: EncodeError) -> Self {
        Self::Packet(error)
    }
}
