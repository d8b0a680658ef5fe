//! What travels on a data channel, field by field by name against the official crate
//! `livekit-protocol`: the structs' fields carry the right numbers, types and presence.
//!
//! One message of each kind has all its fields set, no two that could be taken for each other to
//! the same value; of bools one at a time (`hot` counts them).

#![cfg(feature = "peers")]
#![allow(deprecated)] // deprecated fields are on the wire like others

use testkit::pair::{Time, agree};
use testkit::{member, named, pair, pair_type};

fn user() -> pair_type!(UserPacket) {
    pair!(UserPacket {
        participant_sid: "PA_user",
        participant_identity: "sender",
        payload: b"\x00\xffpayload",
        destination_sids: ["PA_1", "PA_2"],
        destination_identities: ["one", "two"],
        topic: Some("topic"),
        id: Some("user-id"),
        start_time: Some(u64::MAX),
        end_time: Some(1 << 35),
        nonce: b"nonce",
    })
}

fn chat(hot: u32) -> pair_type!(ChatMessage) {
    pair!(ChatMessage {
        id: "chat-id",
        timestamp: -1i64,
        edit_timestamp: Some(i64::MIN),
        message: "grüß Gott",
        deleted: hot == 0,
        generated: hot == 1,
    })
}

fn rpc_request() -> pair_type!(RpcRequest) {
    pair!(RpcRequest {
        id: "request-id",
        method: "method",
        payload: "payload",
        response_timeout_ms: 15_000u32,
        version: 1u32,
        compressed_payload: b"deflated",
    })
}

fn rpc_ack() -> pair_type!(RpcAck) {
    pair!(RpcAck { request_id: "request-id" })
}

fn rpc_response(value: Option<pair_type!(rpc_response::Value)>) -> pair_type!(RpcResponse) {
    pair!(RpcResponse { request_id: "request-id", value: value })
}

fn header(
    content: Option<pair_type!(data_stream::header::ContentHeader)>,
) -> pair_type!(data_stream::Header) {
    pair!(data_stream::Header {
        stream_id: "stream-id",
        timestamp: 1_700_000_000_000i64,
        topic: "lk.topic",
        mime_type: "text/plain",
        total_length: Some(300u64),
        encryption_type: named!(encryption::Type::Custom),
        attributes: [("key", "value"), ("schlüssel", "wert")],
        inline_content: Some(b"inline"),
        compression: named!(data_stream::CompressionType::DeflateRaw),
        content_header: content,
    })
}

fn text_header(hot: u32) -> Option<pair_type!(data_stream::header::ContentHeader)> {
    member!(data_stream::header::ContentHeader::TextHeader(pair!(data_stream::TextHeader {
        operation_type: named!(data_stream::OperationType::Reaction),
        version: -7i32,
        reply_to_stream_id: "reply-to",
        attached_stream_ids: ["attached-1", "attached-2"],
        generated: hot == 0,
    })))
}

fn chunk() -> pair_type!(data_stream::Chunk) {
    pair!(data_stream::Chunk {
        stream_id: "stream-id",
        chunk_index: 1u64 << 63,
        content: b"content",
        version: 3i32,
        iv: Some(b"iv"),
    })
}

fn trailer() -> pair_type!(data_stream::Trailer) {
    pair!(data_stream::Trailer {
        stream_id: "stream-id",
        reason: "reason",
        attributes: [("end", "true")],
    })
}

macro_rules! packet {
    ($member:ident, $value:expr) => {
        pair!(DataPacket {
            kind: named!(data_packet::Kind::Lossy),
            participant_identity: "identity",
            destination_identities: ["first", "second"],
            sequence: 7u32,
            participant_sid: "PA_sid",
            value: member!(data_packet::Value::$member($value)),
        })
    };
}

macro_rules! payload {
    ($member:ident, $value:expr) => {
        pair!(EncryptedPacketPayload {
            value: member!(encrypted_packet_payload::Value::$member($value)),
        })
    };
}

#[test]
fn user_packets_agree() {
    agree(user());
    agree(packet!(User, user()));
    agree(payload!(User, user()));
}

#[test]
fn optional_fields_that_are_there_and_empty_agree() {
    agree(pair!(UserPacket {
        participant_sid: "",
        participant_identity: "",
        payload: b"",
        destination_sids: [""],
        destination_identities: [""],
        topic: Some(""),
        id: Some(""),
        start_time: Some(0u64),
        end_time: Some(0u64),
        nonce: b"",
    }));
}

#[test]
fn chat_messages_agree() {
    for hot in 0..2 {
        agree(chat(hot));
    }
    agree(packet!(ChatMessage, chat(0)));
    agree(payload!(ChatMessage, chat(1)));
}

#[test]
fn rpc_agrees() {
    agree(packet!(RpcRequest, rpc_request()));
    agree(payload!(RpcRequest, rpc_request()));
    agree(packet!(RpcAck, rpc_ack()));
    agree(payload!(RpcAck, rpc_ack()));
    let error = pair!(RpcError { code: 1500u32, message: "message", data: "data" });
    agree(packet!(RpcResponse, rpc_response(member!(rpc_response::Value::Payload("payload")))));
    agree(payload!(RpcResponse, rpc_response(member!(rpc_response::Value::Error(error)))));
    agree(rpc_response(member!(rpc_response::Value::CompressedPayload(b"deflated"))));
}

#[test]
fn data_streams_agree() {
    let bytes = || {
        let header = pair!(data_stream::ByteHeader { name: "file.bin" });
        member!(data_stream::header::ContentHeader::ByteHeader(header))
    };
    for hot in 0..2 {
        agree(packet!(StreamHeader, header(text_header(hot))));
    }
    agree(payload!(StreamHeader, header(bytes())));
    agree(packet!(StreamChunk, chunk()));
    agree(payload!(StreamChunk, chunk()));
    agree(packet!(StreamTrailer, trailer()));
    agree(payload!(StreamTrailer, trailer()));
}

#[test]
fn encrypted_packets_agree() {
    let packet = pair!(EncryptedPacket {
        encryption_type: named!(encryption::Type::Gcm),
        iv: b"iv of 12 byt",
        key_index: 5u32,
        encrypted_value: b"\xde\xad\xbe\xef",
    });
    agree(packet!(EncryptedPacket, packet));
}

#[test]
fn metrics_agree() {
    let sample = pair!(MetricSample {
        timestamp_ms: 11i64,
        normalized_timestamp: Some(Time(12, 13)),
        value: 1.5f32,
    });
    let series = pair!(TimeSeriesMetric {
        label: 21u32,
        participant_identity: 22u32,
        track_sid: 23u32,
        samples: [sample],
        rid: 24u32,
    });
    let event = pair!(EventMetric {
        label: 31u32,
        participant_identity: 32u32,
        track_sid: 33u32,
        start_timestamp_ms: 34i64,
        end_timestamp_ms: Some(35i64),
        normalized_start_timestamp: Some(Time(36, 37)),
        normalized_end_timestamp: Some(Time(38, 39)),
        metadata: "metadata",
        rid: 40u32,
    });
    let batch = pair!(MetricsBatch {
        timestamp_ms: 41i64,
        normalized_timestamp: Some(Time(42, 43)),
        str_data: ["first", "second"],
        time_series: [series],
        events: [event],
    });
    agree(packet!(Metrics, batch));
}

#[test]
fn speakers_dtmf_and_transcriptions_agree() {
    let speaker = pair!(SpeakerInfo { sid: "PA_1", level: 0.25f32, active: true });
    agree(packet!(Speaker, pair!(ActiveSpeakerUpdate { speakers: [speaker] })));
    agree(packet!(SipDtmf, pair!(SipDtmf { code: 10u32, digit: "#" })));
    let segment = pair!(TranscriptionSegment {
        id: "segment",
        text: "text",
        start_time: 51u64,
        end_time: 52u64,
        language: "de";
        final_ = r#final: true
    });
    agree(packet!(
        Transcription,
        pair!(Transcription {
            transcribed_participant_identity: "speaker",
            track_id: "TR_1",
            segments: [segment],
        })
    ));
}
