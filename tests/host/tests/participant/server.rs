//! What a server sends and reads.

use livekit_protocol as theirs;
use prost::Message as _;
use testkit::signal::{accepted, join, message, response};
use theirs::signal_response::Message;

use crate::device::{Device, Did};

/// An answer as livekit-server writes it to an offer of data channels.
pub const ANSWER: &str = "v=0\r\no=- 9181643110557933858 1795394303 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n\
    a=fingerprint:sha-256 97:D7:2C:18:9E:97:14:EA:30:2B:4F:FF:E4:30:29:66:B1:88:47:48:3E:8B:52:BE:6C:D7:16:C1:7F:DC:B3:6D\r\n\
    a=group:BUNDLE 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n\
    a=setup:passive\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:65535\r\n\
    a=ice-ufrag:cnzonWGSfZLfwdXD\r\na=ice-pwd:xWvySSuNzYKGERDcdARqyeVoAOTBYoPS\r\n";

pub fn answer(id: u32, candidates: &str) -> Vec<u8> {
    let sdp = format!("{ANSWER}{candidates}");
    let answer =
        theirs::SessionDescription { r#type: "answer".into(), sdp, id, ..Default::default() };
    message(&response(Message::Answer(answer)))
}

pub fn trickle(protocol: &str, address: &str) -> Vec<u8> {
    let line = format!("candidate:1 1 {protocol} 2130706431 {address} typ host");
    let candidate_init = serde_json::json!({ "candidate": line, "sdpMid": "0" }).to_string();
    let trickle = theirs::TrickleRequest { candidate_init, ..Default::default() };
    message(&response(Message::Trickle(trickle)))
}

pub fn leave(reason: theirs::DisconnectReason, action: theirs::leave_request::Action) -> Vec<u8> {
    let leave =
        theirs::LeaveRequest { reason: reason.into(), action: action.into(), ..Default::default() };
    message(&response(Message::Leave(leave)))
}

/// The request line's target, and the token.
pub fn request(bytes: &[u8]) -> (&str, &str) {
    let text = str::from_utf8(bytes).expect("it is ASCII");
    let target = text.split(' ').nth(1).expect("a target");
    let token = text.lines().find_map(|line| line.strip_prefix("Authorization: Bearer "));
    (target, token.expect("a token"))
}

/// What the request says.
pub fn join_request(bytes: &[u8]) -> theirs::JoinRequest {
    use base64ct::{Base64Url, Encoding as _};
    let target = request(bytes).0.strip_prefix("/rtc/v1?join_request=").expect("version 1");
    let wrapped = Base64Url::decode_vec(target).expect("base64url");
    let wrapped = theirs::WrappedJoinRequest::decode(&wrapped[..]).expect("it is protobuf");
    theirs::JoinRequest::decode(&wrapped.join_request[..]).expect("it is protobuf")
}

/// What a client's frame says.
pub fn signalled(frame: &[u8]) -> theirs::signal_request::Message {
    let (head, mask_at) = if frame[1] & 0x7f == 126 { (8, 4) } else { (6, 2) };
    let mask = &frame[mask_at..head];
    let payload: Vec<u8> =
        frame[head..].iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    let request = theirs::SignalRequest::decode(&payload[..]).expect("it is protobuf");
    request.message.expect("it says something")
}

/// Opens the connection and accepts the request. Returns the request.
pub fn accept(device: &mut Device) -> Vec<u8> {
    let request = device.open();
    assert_eq!(device.receive(&accepted(&request)), []);
    request
}

/// Lets the device in. Returns the request.
pub fn admit(device: &mut Device) -> Vec<u8> {
    let request = accept(device);
    assert_eq!(device.receive(&join()), []);
    request
}

pub fn refuse(status: u16) -> Vec<u8> {
    format!("HTTP/1.1 {status} No\r\nContent-Length: 2\r\n\r\nno").into_bytes()
}

/// The addresses that a device sends to.
pub fn addresses(did: &[Did]) -> Vec<String> {
    let mut all: Vec<_> = did
        .iter()
        .filter_map(|did| match did {
            Did::Datagram(to) => Some(to.to_string()),
            _ => None,
        })
        .collect();
    all.sort();
    all.dedup();
    all
}
