//! Data packets with every member.
#![allow(deprecated)] // deprecated fields are on the wire like others

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use livekit_micro::limits::fields::*;
use livekit_micro::owned;
use testkit::pair::{Pair, Time};
use testkit::{member, pair, pair_type};

use super::parts::{bytes, entries, float, list, maybe, text};

/// A number of an enum, known or not.
macro_rules! number {
    ($input:expr, $($path:ident)::+) => {{
        let number: i32 = $input.int_in_range(-1..=20)?;
        Pair { ours: owned::$($path)::+(number), theirs: number }
    }};
}

pub fn packet(u: &mut Unstructured) -> Result<pair_type!(DataPacket)> {
    use data_packet::*;
    Ok(pair!(DataPacket {
        kind: number!(u, data_packet::Kind),
        participant_identity: text(u, PARTICIPANT_IDENTITY_BYTES)?,
        destination_identities: list(u, DESTINATION_IDENTITIES_ITEMS, |u| {
            text(u, DESTINATION_IDENTITIES_BYTES)
        })?,
        sequence: u.arbitrary::<u32>()?,
        participant_sid: text(u, PARTICIPANT_SID_BYTES)?,
        value: value(u)?,
    }))
}

fn value(u: &mut Unstructured) -> Result<Option<pair_type!(data_packet::Value)>> {
    Ok(match u.int_in_range(0..=13)? {
        0 => None,
        1 => member!(data_packet::Value::User(user(u)?)),
        2 => {
            let speakers = list(u, active_speaker_update::SPEAKERS_ITEMS, speaker)?;
            member!(data_packet::Value::Speaker(pair!(ActiveSpeakerUpdate { speakers: speakers })))
        }
        3 => member!(data_packet::Value::SipDtmf(pair!(SipDtmf {
            code: u.arbitrary::<u32>()?,
            digit: text(u, sip_dtmf::DIGIT_BYTES)?,
        }))),
        4 => member!(data_packet::Value::Transcription(transcription(u)?)),
        5 => member!(data_packet::Value::Metrics(metrics(u)?)),
        6 => member!(data_packet::Value::ChatMessage(chat(u)?)),
        7 => member!(data_packet::Value::RpcRequest(request(u)?)),
        8 => member!(data_packet::Value::RpcAck(pair!(RpcAck {
            request_id: text(u, rpc_ack::REQUEST_ID_BYTES)?,
        }))),
        9 => member!(data_packet::Value::RpcResponse(response(u)?)),
        10 => member!(data_packet::Value::StreamHeader(header(u)?)),
        11 => member!(data_packet::Value::StreamChunk(chunk(u)?)),
        12 => member!(data_packet::Value::StreamTrailer(trailer(u)?)),
        _ => member!(data_packet::Value::EncryptedPacket(encrypted(u)?)),
    })
}

fn user(u: &mut Unstructured) -> Result<pair_type!(UserPacket)> {
    use user_packet::*;
    Ok(pair!(UserPacket {
        participant_sid: text(u, PARTICIPANT_SID_BYTES)?,
        participant_identity: text(u, PARTICIPANT_IDENTITY_BYTES)?,
        payload: bytes(u, PAYLOAD_BYTES)?,
        destination_sids: list(u, DESTINATION_SIDS_ITEMS, |u| text(u, DESTINATION_SIDS_BYTES))?,
        destination_identities: list(u, DESTINATION_IDENTITIES_ITEMS, |u| {
            text(u, DESTINATION_IDENTITIES_BYTES)
        })?,
        topic: maybe(u, |u| text(u, TOPIC_BYTES))?,
        id: maybe(u, |u| text(u, ID_BYTES))?,
        start_time: u.arbitrary::<Option<u64>>()?,
        end_time: u.arbitrary::<Option<u64>>()?,
        nonce: bytes(u, NONCE_BYTES)?,
    }))
}

fn speaker(u: &mut Unstructured) -> Result<pair_type!(SpeakerInfo)> {
    Ok(pair!(SpeakerInfo {
        sid: text(u, speaker_info::SID_BYTES)?,
        level: float(u)?,
        active: u.arbitrary::<bool>()?,
    }))
}

fn transcription(u: &mut Unstructured) -> Result<pair_type!(Transcription)> {
    use transcription::*;
    Ok(pair!(Transcription {
        transcribed_participant_identity: text(u, TRANSCRIBED_PARTICIPANT_IDENTITY_BYTES)?,
        track_id: text(u, TRACK_ID_BYTES)?,
        segments: list(u, SEGMENTS_ITEMS, segment)?,
    }))
}

fn segment(u: &mut Unstructured) -> Result<pair_type!(TranscriptionSegment)> {
    use transcription_segment::*;
    Ok(pair!(TranscriptionSegment {
        id: text(u, ID_BYTES)?,
        text: text(u, TEXT_BYTES)?,
        start_time: u.arbitrary::<u64>()?,
        end_time: u.arbitrary::<u64>()?,
        language: text(u, LANGUAGE_BYTES)?;
        final_ = r#final: u.arbitrary::<bool>()?
    }))
}

fn metrics(u: &mut Unstructured) -> Result<pair_type!(MetricsBatch)> {
    use metrics_batch::*;
    Ok(pair!(MetricsBatch {
        timestamp_ms: u.arbitrary::<i64>()?,
        normalized_timestamp: maybe(u, time)?,
        str_data: list(u, STR_DATA_ITEMS, |u| text(u, STR_DATA_BYTES))?,
        time_series: list(u, TIME_SERIES_ITEMS, series)?,
        events: list(u, EVENTS_ITEMS, event)?,
    }))
}

fn series(u: &mut Unstructured) -> Result<pair_type!(TimeSeriesMetric)> {
    Ok(pair!(TimeSeriesMetric {
        label: u.arbitrary::<u32>()?,
        participant_identity: u.arbitrary::<u32>()?,
        track_sid: u.arbitrary::<u32>()?,
        samples: list(u, time_series_metric::SAMPLES_ITEMS, sample)?,
        rid: u.arbitrary::<u32>()?,
    }))
}

fn sample(u: &mut Unstructured) -> Result<pair_type!(MetricSample)> {
    Ok(pair!(MetricSample {
        timestamp_ms: u.arbitrary::<i64>()?,
        normalized_timestamp: maybe(u, time)?,
        value: float(u)?,
    }))
}

fn event(u: &mut Unstructured) -> Result<pair_type!(EventMetric)> {
    Ok(pair!(EventMetric {
        label: u.arbitrary::<u32>()?,
        participant_identity: u.arbitrary::<u32>()?,
        track_sid: u.arbitrary::<u32>()?,
        start_timestamp_ms: u.arbitrary::<i64>()?,
        end_timestamp_ms: u.arbitrary::<Option<i64>>()?,
        normalized_start_timestamp: maybe(u, time)?,
        normalized_end_timestamp: maybe(u, time)?,
        metadata: text(u, event_metric::METADATA_BYTES)?,
        rid: u.arbitrary::<u32>()?,
    }))
}

fn time(u: &mut Unstructured) -> Result<Time> {
    Ok(Time(u.int_in_range(0..=127)?, u.int_in_range(0..=127)?)) // varints of one byte
}

fn chat(u: &mut Unstructured) -> Result<pair_type!(ChatMessage)> {
    Ok(pair!(ChatMessage {
        id: text(u, chat_message::ID_BYTES)?,
        timestamp: u.arbitrary::<i64>()?,
        edit_timestamp: u.arbitrary::<Option<i64>>()?,
        message: text(u, chat_message::MESSAGE_BYTES)?,
        deleted: u.arbitrary::<bool>()?,
        generated: u.arbitrary::<bool>()?,
    }))
}

fn request(u: &mut Unstructured) -> Result<pair_type!(RpcRequest)> {
    use rpc_request::*;
    Ok(pair!(RpcRequest {
        id: text(u, ID_BYTES)?,
        method: text(u, METHOD_BYTES)?,
        payload: text(u, PAYLOAD_BYTES)?,
        response_timeout_ms: u.arbitrary::<u32>()?,
        version: u.arbitrary::<u32>()?,
        compressed_payload: bytes(u, COMPRESSED_PAYLOAD_BYTES)?,
    }))
}

fn response(u: &mut Unstructured) -> Result<pair_type!(RpcResponse)> {
    use rpc_response::*;
    let value = match u.int_in_range(0..=3)? {
        0 => None,
        1 => member!(rpc_response::Value::Payload(text(u, PAYLOAD_BYTES)?)),
        2 => member!(rpc_response::Value::Error(pair!(RpcError {
            code: u.arbitrary::<u32>()?,
            message: text(u, rpc_error::MESSAGE_BYTES)?,
            data: text(u, rpc_error::DATA_BYTES)?,
        }))),
        _ => member!(rpc_response::Value::CompressedPayload(bytes(u, COMPRESSED_PAYLOAD_BYTES)?)),
    };
    Ok(pair!(RpcResponse { request_id: text(u, REQUEST_ID_BYTES)?, value: value }))
}

fn header(u: &mut Unstructured) -> Result<pair_type!(data_stream::Header)> {
    use data_stream::{byte_header, header::*, text_header};
    let content = match u.int_in_range(0..=2)? {
        0 => None,
        1 => member!(data_stream::header::ContentHeader::TextHeader(pair!(
            data_stream::TextHeader {
                operation_type: number!(u, data_stream::OperationType),
                version: u.arbitrary::<i32>()?,
                reply_to_stream_id: text(u, text_header::REPLY_TO_STREAM_ID_BYTES)?,
                attached_stream_ids: list(u, text_header::ATTACHED_STREAM_IDS_ITEMS, |u| {
                    text(u, text_header::ATTACHED_STREAM_IDS_BYTES)
                })?,
                generated: u.arbitrary::<bool>()?,
            }
        ))),
        _ => member!(data_stream::header::ContentHeader::ByteHeader(pair!(
            data_stream::ByteHeader { name: text(u, byte_header::NAME_BYTES)? }
        ))),
    };
    Ok(pair!(data_stream::Header {
        stream_id: text(u, STREAM_ID_BYTES)?,
        timestamp: u.arbitrary::<i64>()?,
        topic: text(u, TOPIC_BYTES)?,
        mime_type: text(u, MIME_TYPE_BYTES)?,
        total_length: u.arbitrary::<Option<u64>>()?,
        encryption_type: number!(u, encryption::Type),
        attributes: entries(u, ATTRIBUTES_ITEMS, ATTRIBUTES_KEY_BYTES, ATTRIBUTES_VALUE_BYTES)?,
        inline_content: maybe(u, |u| bytes(u, INLINE_CONTENT_BYTES))?,
        compression: number!(u, data_stream::CompressionType),
        content_header: content,
    }))
}

fn chunk(u: &mut Unstructured) -> Result<pair_type!(data_stream::Chunk)> {
    use data_stream::chunk::*;
    Ok(pair!(data_stream::Chunk {
        stream_id: text(u, STREAM_ID_BYTES)?,
        chunk_index: u.arbitrary::<u64>()?,
        content: bytes(u, CONTENT_BYTES)?,
        version: u.arbitrary::<i32>()?,
        iv: maybe(u, |u| bytes(u, IV_BYTES))?,
    }))
}

fn trailer(u: &mut Unstructured) -> Result<pair_type!(data_stream::Trailer)> {
    use data_stream::trailer::*;
    Ok(pair!(data_stream::Trailer {
        stream_id: text(u, STREAM_ID_BYTES)?,
        reason: text(u, REASON_BYTES)?,
        attributes: entries(u, ATTRIBUTES_ITEMS, ATTRIBUTES_KEY_BYTES, ATTRIBUTES_VALUE_BYTES)?,
    }))
}

fn encrypted(u: &mut Unstructured) -> Result<pair_type!(EncryptedPacket)> {
    use encrypted_packet::*;
    Ok(pair!(EncryptedPacket {
        encryption_type: number!(u, encryption::Type),
        iv: bytes(u, IV_BYTES)?,
        key_index: u.arbitrary::<u32>()?,
        encrypted_value: bytes(u, ENCRYPTED_VALUE_BYTES)?,
    }))
}
