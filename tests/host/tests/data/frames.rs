//! Frames of other participants, as the server passes them on, and what a session makes of them.

use livekit_micro::data::{
    Calls, Channel, Closed, Event, Incoming, Rpc, Session, StreamError, StreamPart, Streams, Topics,
};
use livekit_micro::e2ee::OpenError;
use livekit_protocol::data_packet::Value;
use livekit_protocol::{self as theirs, data_stream};
use prost_reflect::prost::Message as _;

/// The topics of the tests.
pub struct Wanted;

impl Topics for Wanted {
    const TOPICS: &'static [&'static str] = &["chat", "file"];
    const MAX_BYTES: u32 = 1_000_000;
}

pub type Device = Session<Incoming<Wanted, 2>, Rpc<2>>;

/// A packet of the participant with this sid, whose identity is the sid in lower case, as the server passes
/// it on: Go writes a oneof last.
pub fn packet(sid: &str, sequence: u32, value: Value) -> Vec<u8> {
    let packet = theirs::DataPacket {
        participant_identity: sid.to_lowercase(),
        participant_sid: sid.into(),
        sequence,
        ..Default::default()
    };
    let value = theirs::DataPacket { value: Some(value), ..Default::default() };
    [packet.encode_to_vec(), value.encode_to_vec()].concat()
}

pub fn header(id: &str) -> data_stream::Header {
    data_stream::Header {
        stream_id: id.into(),
        topic: "chat".into(),
        content_header: Some(data_stream::header::ContentHeader::TextHeader(Default::default())),
        ..Default::default()
    }
}

pub fn chunk(id: &str, index: u64, content: &[u8]) -> Value {
    let (stream_id, content) = (id.into(), content.to_vec());
    Value::StreamChunk(data_stream::Chunk {
        stream_id,
        chunk_index: index,
        content,
        ..Default::default()
    })
}

pub fn trailer(id: &str, reason: &str) -> Value {
    let (stream_id, reason) = (id.into(), reason.into());
    Value::StreamTrailer(data_stream::Trailer { stream_id, reason, ..Default::default() })
}

/// What is left of an event when its frame is gone.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    Nothing,
    Data { from: String, topic: String, payload: Vec<u8> },
    Stream(Part),
    Call { from: String, id: String, method: String, payload: String, timeout: u32 },
    Answer(Result<String, (u32, String, String)>),
    Refused { from: String, error: OpenError },
    Opened { from: String, payload: Vec<u8> },
    Other,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    pub stream: usize,
    pub topic: usize,
    pub opened: bool,
    pub content: Vec<u8>,
    pub offset: u32,
    pub closed: Option<End>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum End {
    Complete(Vec<(String, String)>),
    Aborted(String),
    Failed(StreamError),
}

pub fn part(part: &StreamPart<'_>) -> Part {
    let closed = part.closed.map(|closed| match closed {
        Closed::Complete { attributes } => {
            End::Complete(attributes.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect())
        }
        Closed::Aborted { reason, .. } => End::Aborted(reason.to_owned()),
        Closed::Failed(error) => End::Failed(error),
        other => panic!("{other:?}"),
    });
    let (opened, content) = (part.opened.is_some(), part.content.to_vec());
    let StreamPart { stream, topic, offset, .. } = *part;
    Part { stream, topic, opened, content, offset, closed }
}

pub fn seen(event: Option<Event<'_>>) -> Seen {
    match event {
        None => Seen::Nothing,
        Some(Event::Data(it)) => {
            Seen::Data { from: it.from.into(), topic: it.topic.into(), payload: it.payload.into() }
        }
        Some(Event::Stream(it)) => Seen::Stream(part(&it)),
        Some(Event::Call(it)) => Seen::Call {
            from: it.caller.identity.into(),
            id: it.caller.request_id.into(),
            method: it.method.into(),
            payload: it.payload.into(),
            timeout: it.response_timeout_ms,
        },
        Some(Event::Answer(it)) => Seen::Answer(
            it.result
                .map(str::to_owned)
                .map_err(|error| (error.code.0, error.message.into(), error.data.into())),
        ),
        Some(Event::Refused(it)) => Seen::Refused { from: it.from.into(), error: it.error },
        Some(Event::Opened(it)) => {
            Seen::Opened { from: it.from.into(), payload: it.payload.into() }
        }
        Some(Event::Other(_)) => Seen::Other,
        Some(other) => panic!("{other:?}"),
    }
}

/// What comes of a reliable frame, and what is sent for it.
pub fn receive<S: Streams, R: Calls>(
    device: &mut Session<S, R>,
    frame: &[u8],
    now_ms: u64,
) -> (Seen, Vec<theirs::DataPacket>) {
    let mut out = [0; 1024];
    let (event, replies) =
        device.receive(Channel::Reliable, frame, now_ms, &mut out).expect("a packet");
    let replies = replies.map(|it| theirs::DataPacket::decode(it).expect("a packet")).collect();
    (seen(event), replies)
}
