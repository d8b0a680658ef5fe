//! Frames of LiveKit's SDKs, made again by our senders: what they say is what prost reads of ours.

use std::collections::{BTreeMap, HashMap};

use livekit_micro::RpcCode;
use livekit_micro::data::{
    Caller, Data, LocalParticipant, PerformRpc, Rpc, RpcError, Session, StreamOptions, StreamWriter,
};
use livekit_protocol::data_packet::Value;
use livekit_protocol::data_stream::header::ContentHeader;
use livekit_protocol::{self as theirs, data_stream, rpc_response};
use prost_reflect::prost::Message as _;

use crate::recorded::received;

/// The bytes of a UUID, which a sender makes the same one of.
fn random(id: &str) -> [u8; 16] {
    u128::from_str_radix(&id.replace('-', ""), 16).expect("a UUID").to_be_bytes()
}

/// A participant that sends the same again.
#[derive(Default)]
struct Sender<'a> {
    local: LocalParticipant<()>,
    streams: HashMap<&'a str, StreamWriter<'a>>,
}

impl<'a> Sender<'a> {
    /// The frame, and of what kind it is; `None` for what is not sent by a device.
    fn make(
        &mut self,
        value: &'a Value,
        to: &'a [&'a str],
        attributes: &'a [(&'a str, &'a str)],
    ) -> Option<(&'static str, Vec<u8>)> {
        let (local, mut buf) = (&mut self.local, vec![0; 20_000]);
        let buf = &mut buf[..];
        let identity = to.first().copied().unwrap_or_default();
        let (kind, frame) = match value {
            Value::User(it) => {
                let data = Data { payload: &it.payload, topic: it.topic(), to };
                ("user", local.publish_data(&data, buf))
            }
            Value::RpcRequest(it) => {
                let call = PerformRpc {
                    destination_identity: identity,
                    method: &it.method,
                    payload: &it.payload,
                    // The way there and back is not the callee's.
                    response_timeout_ms: it.response_timeout_ms + 7_000,
                    ..PerformRpc::default()
                };
                let mut session: Session<(), Rpc<1>> = Session::new();
                let made = session.perform_rpc(&call, random(&it.id), 0, buf);
                ("request", made.map(|(_, frame)| frame))
            }
            Value::RpcAck(it) => {
                let caller = Caller::new(identity, &it.request_id);
                ("acknowledgement", local.acknowledge(&caller, buf))
            }
            Value::RpcResponse(it) => {
                let caller = Caller::new(identity, &it.request_id);
                let result = match it.value.as_ref()? {
                    rpc_response::Value::Payload(payload) => Ok(payload.as_str()),
                    rpc_response::Value::Error(it) => {
                        let (code, message, data) = (RpcCode(it.code), &*it.message, &*it.data);
                        Err(RpcError { code, message, data })
                    }
                    _ => return None,
                };
                ("response", local.respond(&caller, result, buf))
            }
            Value::StreamHeader(it) if it.compression == 0 => {
                return self.open(it, to, attributes, buf);
            }
            Value::StreamChunk(it) => {
                let writer = self.streams.get_mut(&*it.stream_id)?;
                ("chunk", writer.write(local, &mut &it.content[..], buf))
            }
            Value::StreamTrailer(it) => {
                let writer = self.streams.remove(&*it.stream_id)?;
                ("trailer", writer.close(local, &it.reason, attributes, buf))
            }
            _ => return None,
        };
        Some((kind, frame.expect("it fits").to_vec()))
    }

    fn open(
        &mut self,
        header: &'a data_stream::Header,
        to: &'a [&'a str],
        attributes: &'a [(&'a str, &'a str)],
        buf: &mut [u8],
    ) -> Option<(&'static str, Vec<u8>)> {
        let random = random(&header.stream_id);
        let mut options = StreamOptions {
            topic: &header.topic,
            to,
            attributes,
            total_length: header.total_length.map(|total| total as u32),
            mime_type: &header.mime_type,
            timestamp_ms: header.timestamp,
            ..StreamOptions::default()
        };
        let is_text = match header.content_header.as_ref()? {
            ContentHeader::TextHeader(it) => {
                options.reply_to_stream_id = &it.reply_to_stream_id;
                true
            }
            ContentHeader::ByteHeader(it) => {
                options.name = &it.name;
                false
            }
        };
        let (local, content) = (&mut self.local, &header.inline_content);
        let made = match (content, is_text) {
            (Some(content), true) => {
                let text = str::from_utf8(content).expect("a text");
                ("inline text", local.send_text_inline(text, &options, random, buf))
            }
            (Some(content), false) => {
                ("inline bytes", local.send_bytes_inline(content, &options, random, buf))
            }
            (None, _) => {
                let opened = match is_text {
                    true => local.stream_text(&options, random, buf),
                    false => local.stream_bytes(&options, random, buf),
                };
                let (writer, frame) = opened.expect("it fits");
                self.streams.insert(&header.stream_id, writer);
                (if is_text { "text" } else { "bytes" }, Ok(frame))
            }
        };
        Some((made.0, made.1.expect("it fits").to_vec()))
    }
}

/// The attributes of a header or a trailer.
fn attributes(packet: &theirs::DataPacket) -> Vec<(&str, &str)> {
    let attributes = match &packet.value {
        Some(Value::StreamHeader(it)) => &it.attributes,
        Some(Value::StreamTrailer(it)) => &it.attributes,
        _ => return Vec::new(),
    };
    attributes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

/// Without what the server has added.
fn as_sent(mut value: Value) -> Value {
    match &mut value {
        #[allow(deprecated)] // they are on the wire
        Value::User(it) => {
            it.participant_sid.clear();
            it.participant_identity.clear();
            it.destination_identities.clear();
            it.nonce.clear();
            // An empty topic is none; the Python SDK sends it.
            it.topic = it.topic.take().filter(|topic| !topic.is_empty());
        }
        Value::StreamHeader(it) => {
            if let Some(ContentHeader::TextHeader(it)) = &mut it.content_header {
                it.generated = false;
            }
        }
        _ => {}
    }
    value
}

#[test]
fn frames_of_the_sdks_are_made_with_the_same_fields() {
    let (packets, mut count) = (received(), BTreeMap::new());
    // Streams refer to them.
    let parts: Vec<_> = packets
        .iter()
        .map(|(_, it)| {
            let to: Vec<_> = it.destination_identities.iter().map(String::as_str).collect();
            (to, attributes(it))
        })
        .collect();
    let mut sender = Sender::default();
    for ((recorded, packet), (to, attributes)) in packets.iter().zip(&parts) {
        // A hand-made packet has fields that no SDK sends.
        let Some(value) = packet.value.as_ref().filter(|_| recorded.scenario != "rewrites") else {
            continue;
        };
        let Some((kind, frame)) = sender.make(value, to, attributes) else { continue };
        let made = theirs::DataPacket::decode(&*frame).expect("prost reads it");
        assert_eq!(made.value, Some(as_sent(value.clone())), "{}", recorded.name);
        assert!(made.sequence > 0);
        *count.entry(kind).or_insert(0) += 1;
    }
    assert!(sender.streams.is_empty());
    let expected = [
        ("acknowledgement", 13),
        ("bytes", 2),
        ("chunk", 20),
        ("inline text", 14),
        ("request", 9),
        ("response", 9),
        ("text", 10),
        ("trailer", 12),
        ("user", 10),
    ];
    assert_eq!(count, expected.into());
}
