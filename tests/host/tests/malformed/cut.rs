//! Recorded messages truncated at every byte.

use livekit_micro::Malformed::Truncated;
use testkit::corpus;

use crate::case::{Case, case, malformed, reads};

/// Frames of tests/corpus that fit the capacities of this build, and their types.
const FRAMES: [(&str, &str); 6] = [
    ("028-DataPacket-sip-dtmf-sent", "livekit.DataPacket"),
    ("031-DataPacket-stream-header-text-forwarded", "livekit.DataPacket"),
    ("033-DataPacket-stream-chunk-forwarded", "livekit.DataPacket"),
    ("011-DataPacket-user-forwarded", "livekit.DataPacket"),
    ("006-SignalRequest-trickle", "livekit.SignalRequest"),
    ("005-SignalResponse-trickle", "livekit.SignalResponse"),
];

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (file, message) in FRAMES {
        let frame = &corpus::named(file).bytes;
        for len in 0..frame.len() {
            let cut = &frame[..len];
            // A message that ends where one of its fields ends is a whole one.
            let begun = boundaries(frame).into_iter().rfind(|&at| at <= len);
            let ours = match begun.expect("the first field begins at 0") {
                at if at == len => reads(cut),
                at => malformed(Truncated, at),
            };
            cases.push(case(format!("{file}, {len} bytes of it"), message, cut, ours));
        }
    }
    cases
}

/// Where the fields of a message begin.
fn boundaries(frame: &[u8]) -> Vec<usize> {
    let mut at = 0;
    let mut boundaries = Vec::new();
    let varint = |at: &mut usize| {
        let len = frame[*at..].iter().take_while(|&&byte| byte > 0x7f).count() + 1;
        let digits = frame[*at..*at + len].iter().rev();
        let value = digits.fold(0, |value, byte| value << 7 | usize::from(byte & 0x7f));
        *at += len;
        value
    };
    while at < frame.len() {
        boundaries.push(at);
        match varint(&mut at) & 7 {
            0 => drop(varint(&mut at)),
            2 => at = varint(&mut at) + at,
            other => panic!("no recorded frame cut here has wire type {other}"),
        }
    }
    boundaries
}
