//! The recorded messages (tests/corpus) that all codecs take.

use testkit::corpus;

use crate::codecs;

/// Which message is recorded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    DataPacket,
    SignalRequest,
    SignalResponse,
}

pub struct Recorded {
    pub kind: Kind,
    pub bytes: Vec<u8>,
}

/// Every data packet and signal of the corpus, but for those that are over a capacity of `owned`,
/// and with it of micropb: it could not do the same work.
pub fn recorded() -> Vec<Recorded> {
    let messages = corpus::messages().filter_map(|recorded| {
        let kind = match recorded.message.as_str() {
            "livekit.DataPacket" => Kind::DataPacket,
            "livekit.SignalRequest" => Kind::SignalRequest,
            "livekit.SignalResponse" => Kind::SignalResponse,
            _ => return None,
        };
        Some(Recorded { kind, bytes: recorded.bytes.clone() })
    });
    messages.filter(codecs::owned::decode).collect()
}
