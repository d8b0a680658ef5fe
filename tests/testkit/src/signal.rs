//! A server's end of signalling: frames of a WebSocket, and what a message has to tell, by prost and `serde_json`.

use base64ct::{Base64, Base64Url, Encoding as _};
use livekit_micro::Encode;
use livekit_micro::signal::{Event, SignalClient, SignalError};
use livekit_protocol as theirs;
use prost_reflect::prost::Message as _;
use sha1::{Digest as _, Sha1};
use theirs::signal_response::Message;

/// What a client tells, in prost's types.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    Joined,
    Resumed(u32),
    Participant {
        is_local: bool,
        info: Box<theirs::ParticipantInfo>,
    },
    Moved,
    Answer(theirs::SessionDescription),
    Candidate(String),
    RequestResponse(theirs::RequestResponse),
    Published(theirs::DataTrackInfo),
    Unpublished(theirs::DataTrackInfo),
    Handles(theirs::DataTrackSubscriberHandles),
    Leave {
        reason: i32,
        action: i32,
    },
    Skipped(&'static str, usize),
    /// An event of which prost cannot decode the message.
    Malformed,
}

impl Told {
    pub fn of(event: &Event<'_>) -> Self {
        fn told<T: prost::Message + Default>(
            ours: &impl Encode,
            told: impl FnOnce(T) -> Told,
        ) -> Told {
            let bytes = crate::peer::encode(ours);
            T::decode(&bytes[..]).map_or(Told::Malformed, told)
        }
        match event {
            Event::Joined => Self::Joined,
            Event::Resumed { last_message_seq } => Self::Resumed(*last_message_seq),
            Event::Participant { is_local, info } => {
                told(info, |info| Self::Participant { is_local: *is_local, info: Box::new(info) })
            }
            Event::Moved => Self::Moved,
            Event::Answer(answer) => told(answer, Self::Answer),
            Event::Candidate(line) => Self::Candidate((*line).to_owned()),
            Event::RequestResponse(response) => told(response, Self::RequestResponse),
            Event::DataTrackPublished(track) => told(track, Self::Published),
            Event::DataTrackUnpublished(track) => told(track, Self::Unpublished),
            Event::DataTrackSubscriberHandles(handles) => told(handles, Self::Handles),
            Event::Leave { reason, action } => Self::Leave { reason: reason.0, action: action.0 },
            Event::Skipped { field, len } => Self::Skipped(field, *len),
            other => panic!("{other:?} is new"),
        }
    }
}

/// What a message has to tell a client whose buffer has space for every field, and its token's memory `token_bytes`
/// bytes; and the token that it brings.
pub fn expected(
    message: &theirs::SignalResponse,
    token_bytes: usize,
) -> (Vec<Told>, Option<String>) {
    let mut token = None;
    let mut keep = |field, new: &str| {
        let is_one = !new.is_empty() && new.bytes().all(|byte| byte.is_ascii_graphic());
        if is_one && new.len() <= token_bytes {
            token = Some(new.to_owned());
            return None;
        }
        Some(Told::Skipped(field, new.len()))
    };
    let told = match message.message.as_ref() {
        Some(Message::Join(join)) => {
            let others = participants(join.participant.as_ref(), &join.other_participants);
            [others, vec![Told::Joined]].concat()
        }
        Some(Message::Reconnect(response)) => vec![Told::Resumed(response.last_message_seq)],
        Some(Message::Update(update)) => participants(None, &update.participants),
        Some(Message::RoomMoved(moved)) => {
            // Of an empty token nothing is on the wire.
            let skipped =
                if moved.token.is_empty() { None } else { keep("room_moved.token", &moved.token) };
            let others = participants(moved.participant.as_ref(), &moved.other_participants);
            [Told::Moved].into_iter().chain(skipped).chain(others).collect()
        }
        Some(Message::RefreshToken(new)) => keep("refresh_token", new).into_iter().collect(),
        Some(Message::Answer(answer)) => vec![Told::Answer(answer.clone())],
        Some(Message::Trickle(trickle)) => vec![Told::Candidate(candidate(trickle))],
        Some(Message::Leave(leave)) => {
            let is_old = leave.action == 0 && leave.can_reconnect;
            let action = if is_old { 2 } else { leave.action };
            vec![Told::Leave { reason: leave.reason, action }]
        }
        Some(Message::RequestResponse(it)) => vec![Told::RequestResponse(it.clone())],
        Some(Message::PublishDataTrackResponse(it)) => {
            vec![Told::Published(it.info.clone().unwrap_or_default())]
        }
        Some(Message::UnpublishDataTrackResponse(it)) => {
            vec![Told::Unpublished(it.info.clone().unwrap_or_default())]
        }
        Some(Message::DataTrackSubscriberHandles(it)) => vec![Told::Handles(it.clone())],
        _ => vec![],
    };
    (told, token)
}

fn participants(
    own: Option<&theirs::ParticipantInfo>,
    others: &[theirs::ParticipantInfo],
) -> Vec<Told> {
    let all = own.into_iter().map(|it| (true, it)).chain(others.iter().map(|it| (false, it)));
    all.map(|(is_local, info)| Told::Participant { is_local, info: Box::new(kept(info)) }).collect()
}

/// The fields of a participant that a client keeps.
pub fn kept(info: &theirs::ParticipantInfo) -> theirs::ParticipantInfo {
    let info = info.clone();
    theirs::ParticipantInfo {
        sid: info.sid,
        identity: info.identity,
        state: info.state,
        name: info.name,
        kind: info.kind,
        attributes: info.attributes,
        client_protocol: info.client_protocol,
        disconnect_reason: info.disconnect_reason,
        data_tracks: info.data_tracks,
        ..Default::default()
    }
}

fn candidate(trickle: &theirs::TrickleRequest) -> String {
    let json: Result<serde_json::Value, _> = serde_json::from_str(&trickle.candidate_init);
    let line = json.ok().and_then(|json| Some(json.get("candidate")?.as_str()?.to_owned()));
    line.filter(|line| !line.contains(['\\', '"'])).unwrap_or_default()
}

/// A frame of a server's, which is not masked. `first` is FIN and the opcode.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let len = payload.len();
    let mut frame = vec![first];
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(len @ ..126), _) => frame.push(len),
        (_, Ok(len)) => {
            frame.push(126);
            frame.extend(len.to_be_bytes());
        }
        _ => {
            frame.push(127);
            frame.extend((len as u64).to_be_bytes());
        }
    }
    frame.extend(payload);
    frame
}

/// A whole message in one frame.
pub fn message(message: &theirs::SignalResponse) -> Vec<u8> {
    frame(0x82, &message.encode_to_vec())
}

/// A message of this member.
pub fn response(member: Message) -> theirs::SignalResponse {
    theirs::SignalResponse { message: Some(member) }
}

/// The frame of a join with times of a server's, and nobody in the room.
pub fn join() -> Vec<u8> {
    let (ping_interval, ping_timeout) = (5, 15);
    let join = theirs::JoinResponse { ping_interval, ping_timeout, ..Default::default() };
    message(&response(Message::Join(join)))
}

/// The response that accepts a request.
pub fn accepted(request: &[u8]) -> Vec<u8> {
    let request = str::from_utf8(request).expect("a request is ASCII");
    let key = request.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "));
    let key = key.expect("a request has a key");
    let digest = Sha1::new()
        .chain_update(key)
        .chain_update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
        .finalize();
    let accept = Base64::encode_string(&digest);
    let response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                    Sec-WebSocket-Accept: ";
    format!("{response}{accept}\r\n\r\n").into_bytes()
}

/// The response that refuses a request.
pub fn refuse(status: u16) -> Vec<u8> {
    format!("HTTP/1.1 {status} No\r\nContent-Length: 2\r\n\r\nno").into_bytes()
}

/// The target of a request's first line, and the token.
pub fn request(bytes: &[u8]) -> (&str, &str) {
    let text = str::from_utf8(bytes).expect("it is ASCII");
    let target = text.split(' ').nth(1).expect("a target");
    let token = text.lines().find_map(|line| line.strip_prefix("Authorization: Bearer "));
    (target, token.expect("a token"))
}

/// What a request says.
pub fn join_request(bytes: &[u8]) -> theirs::JoinRequest {
    let target = request(bytes).0.strip_prefix("/rtc/v1?join_request=").expect("version 1");
    let wrapped = Base64Url::decode_vec(target).expect("base64url");
    let wrapped = theirs::WrappedJoinRequest::decode(&wrapped[..]).expect("it is protobuf");
    theirs::JoinRequest::decode(&wrapped.join_request[..]).expect("it is protobuf")
}

/// The first frame of a client's, which is masked: its first byte, its payload, its length. `None` if it is not whole.
pub fn masked(bytes: &[u8]) -> Option<(u8, Vec<u8>, usize)> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let (len, mask_at) = match second & 0x7f {
        126 => (usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?])), 4),
        127 => panic!("a client's frame of more than 65 535 bytes"),
        len => (usize::from(len), 2),
    };
    assert!(second >= 0x80, "a client's frame is masked");
    let mask = bytes.get(mask_at..mask_at + 4)?;
    let end = mask_at + 4 + len;
    let masked = bytes.get(mask_at + 4..end)?;
    let payload = masked.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask);
    Some((first, payload.collect(), end))
}

/// What a client's frame says.
pub fn signalled(frame: &[u8]) -> theirs::signal_request::Message {
    let (_, payload, _) = masked(frame).expect("a whole frame");
    let request = theirs::SignalRequest::decode(&payload[..]).expect("it is protobuf");
    request.message.expect("it says something")
}

/// The frame of a candidate: of `udp` or `tcp`, and `"ADDRESS PORT"`.
pub fn trickle(protocol: &str, address: &str) -> Vec<u8> {
    let line = format!("candidate:1 1 {protocol} 2130706431 {address} typ host");
    let candidate_init = serde_json::json!({ "candidate": line, "sdpMid": "0" }).to_string();
    let trickle = theirs::TrickleRequest { candidate_init, ..Default::default() };
    message(&response(Message::Trickle(trickle)))
}

/// The frame of a leave.
pub fn leave(reason: theirs::DisconnectReason, action: theirs::leave_request::Action) -> Vec<u8> {
    let leave =
        theirs::LeaveRequest { reason: reason.into(), action: action.into(), ..Default::default() };
    message(&response(Message::Leave(leave)))
}

/// Gives a client what arrives. Returns what it tells, the error if there is one, and the bytes after it.
pub fn receive<'b>(
    client: &mut SignalClient<'_>,
    mut bytes: &'b [u8],
    now_ms: u64,
) -> (Vec<Told>, Option<(SignalError, &'b [u8])>) {
    let mut told = vec![];
    loop {
        match client.receive(&mut bytes, now_ms) {
            Ok(Some(event)) => told.push(Told::of(&event)),
            Ok(None) => return (told, None),
            Err(error) => return (told, Some((error, bytes))),
        }
    }
}
