//! Messages of a server, of LiveKit's own crate.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use livekit_protocol as theirs;
use theirs::signal_response::Message;

/// Text: short, or as long as fields are that do not fit a buffer.
fn text(input: &mut Unstructured) -> Result<String> {
    let len = usize::from(input.arbitrary::<u8>()? & 0x1f).min(input.len());
    let text = String::from_utf8_lossy(input.bytes(len)?).into_owned();
    Ok(if input.ratio(1, 8)? { text.repeat(40) } else { text })
}

fn participant(input: &mut Unstructured) -> Result<theirs::ParticipantInfo> {
    let mut info = theirs::ParticipantInfo {
        sid: text(input)?,
        identity: text(input)?,
        state: input.arbitrary()?,
        ..Default::default()
    };
    if input.arbitrary()? {
        info.name = text(input)?;
        info.metadata = text(input)?;
        info.kind = input.arbitrary()?;
        info.client_protocol = input.arbitrary()?;
        info.disconnect_reason = input.arbitrary()?;
        // One: of several the order would be another each time.
        info.attributes = [(text(input)?, text(input)?)].into();
        info.tracks = vec![theirs::TrackInfo { sid: text(input)?, ..Default::default() }];
    }
    Ok(info)
}

fn participants(input: &mut Unstructured) -> Result<Vec<theirs::ParticipantInfo>> {
    (0..input.int_in_range(0..=3)?).map(|_| participant(input)).collect()
}

fn candidate(input: &mut Unstructured) -> Result<String> {
    let line: String = text(input)?
        .chars()
        .filter(|letter| !letter.is_control() && !matches!(letter, '"' | '\\'))
        .collect();
    Ok(serde_json::json!({ "candidate": line, "sdpMid": text(input)? }).to_string())
}

fn data_track(input: &mut Unstructured) -> Result<Option<theirs::DataTrackInfo>> {
    let (pub_handle, name) = (input.arbitrary()?, text(input)?);
    let info = theirs::DataTrackInfo { pub_handle, name, ..Default::default() };
    Ok(input.arbitrary::<bool>()?.then_some(info))
}

pub fn response(input: &mut Unstructured) -> Result<theirs::SignalResponse> {
    let message = match input.int_in_range(0..=14)? {
        0 => Message::Join(theirs::JoinResponse {
            participant: input.arbitrary::<bool>()?.then(|| participant(input)).transpose()?,
            other_participants: participants(input)?,
            server_version: text(input)?,
            ping_timeout: input.arbitrary()?,
            ping_interval: input.arbitrary()?,
            ..Default::default()
        }),
        1 | 2 => Message::Update(theirs::ParticipantUpdate { participants: participants(input)? }),
        3 => Message::Answer(theirs::SessionDescription {
            r#type: text(input)?,
            sdp: text(input)?,
            id: input.arbitrary()?,
            ..Default::default()
        }),
        4 => Message::Trickle(theirs::TrickleRequest {
            candidate_init: candidate(input)?,
            ..Default::default()
        }),
        5 => Message::Leave(theirs::LeaveRequest {
            can_reconnect: input.arbitrary()?,
            reason: input.arbitrary()?,
            action: input.arbitrary()?,
            regions: None,
        }),
        6 => Message::RefreshToken(text(input)?),
        7 => Message::Reconnect(theirs::ReconnectResponse {
            last_message_seq: input.arbitrary()?,
            ..Default::default()
        }),
        8 => Message::PongResp(theirs::Pong {
            last_ping_timestamp: input.arbitrary()?,
            timestamp: input.arbitrary()?,
        }),
        9 => Message::RequestResponse(theirs::RequestResponse {
            request_id: input.arbitrary()?,
            reason: input.arbitrary()?,
            message: text(input)?,
            ..Default::default()
        }),
        10 => Message::PublishDataTrackResponse(theirs::PublishDataTrackResponse {
            info: data_track(input)?,
        }),
        11 => Message::UnpublishDataTrackResponse(theirs::UnpublishDataTrackResponse {
            info: data_track(input)?,
        }),
        12 => Message::RoomMoved(theirs::RoomMovedResponse {
            room: None,
            token: text(input)?,
            participant: input.arbitrary::<bool>()?.then(|| participant(input)).transpose()?,
            other_participants: participants(input)?,
        }),
        13 => Message::RoomUpdate(theirs::RoomUpdate {
            room: Some(theirs::Room { name: text(input)?, ..Default::default() }),
        }),
        _ => Message::Pong(input.arbitrary()?),
    };
    Ok(theirs::SignalResponse { message: Some(message) })
}
