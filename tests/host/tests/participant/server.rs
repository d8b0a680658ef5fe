//! What a server sends and reads.

use livekit_protocol as theirs;
use testkit::signal::{accepted, join, message, response};
pub use testkit::signal::{join_request, leave, refuse, request, signalled, trickle};
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
