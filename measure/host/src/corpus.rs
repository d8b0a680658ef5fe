//! The recorded frames (tests/corpus) that all codecs take.

use std::fs;

use crate::codecs;

/// Which message a frame holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    DataPacket,
    SignalRequest,
    SignalResponse,
}

pub struct Frame {
    pub kind: Kind,
    pub bytes: Vec<u8>,
}

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus");

/// Every data packet and signal of the corpus, but for those that are over a capacity of `owned`,
/// and with it of micropb: it could not do the same work.
pub fn frames() -> Vec<Frame> {
    let index = fs::read_to_string(format!("{CORPUS}/index.tsv")).expect("the corpus is there");
    let frames = index.lines().filter_map(|line| {
        let mut columns = line.split('\t');
        let file = columns.next()?;
        let kind = match columns.next()? {
            "livekit.DataPacket" => Kind::DataPacket,
            "livekit.SignalRequest" => Kind::SignalRequest,
            "livekit.SignalResponse" => Kind::SignalResponse,
            _ => return None,
        };
        let bytes = fs::read(format!("{CORPUS}/{file}")).expect("the index names files");
        Some(Frame { kind, bytes })
    });
    frames.filter(codecs::owned::decode).collect()
}
