//! A named frame and what has to come of it.

use livekit_micro::{DecodeError, Malformed};
use prost_reflect::DynamicMessage;
use support::difference;
use support::documented::Difference;
use support::peer::{POOL, Peer};
use support::verdict::Verdict;

use crate::judged;

pub struct Case {
    pub name: String,
    /// Full name of the message's type.
    pub message: &'static str,
    pub frame: Vec<u8>,
    ours: Outcome,
    /// What prost does otherwise, if anything.
    differs: Option<Difference>,
}

/// What we have to make of a frame.
pub enum Outcome {
    /// An error of this kind at this offset.
    Malformed(Malformed, usize),
    /// Over capacity at this offset.
    Capacity(usize),
    /// The message that this clean frame holds.
    Reads(Vec<u8>),
}

pub fn malformed(kind: Malformed, offset: usize) -> Outcome {
    Outcome::Malformed(kind, offset)
}

pub fn capacity(offset: usize) -> Outcome {
    Outcome::Capacity(offset)
}

pub fn reads(frame: &[u8]) -> Outcome {
    Outcome::Reads(frame.to_vec())
}

pub fn case(
    name: impl Into<String>,
    message: &'static str,
    frame: impl AsRef<[u8]>,
    ours: Outcome,
) -> Case {
    Case { name: name.into(), message, frame: frame.as_ref().to_vec(), ours, differs: None }
}

impl Case {
    /// Prost does otherwise, in this way.
    pub fn differs(self, difference: Difference) -> Self {
        Self { differs: Some(difference), ..self }
    }

    pub fn check(&self, peer: &'static Peer) -> Result<Verdict, String> {
        let verdict = judged(peer, &self.frame)?;
        let expected = match (&self.differs, &self.ours) {
            (Some(difference), _) => Verdict::Differs(*difference),
            (None, Outcome::Reads(_)) => Verdict::Accepted,
            (None, _) => Verdict::Refused,
        };
        let again = (peer.again)(&self.frame);
        match (&self.ours, again) {
            (Outcome::Malformed(kind, offset), Err(error))
                if error == (DecodeError::Malformed { kind: *kind, offset: *offset }) => {}
            (Outcome::Capacity(at), Err(DecodeError::Capacity { offset, .. })) if *at == offset => {
            }
            (Outcome::Reads(clean), Ok(ours)) => same(peer, clean, &ours)?,
            (_, outcome) => return Err(format!("we come to {outcome:02x?}")),
        }
        match verdict == expected {
            true => Ok(verdict),
            false => Err(format!("beside prost we come to {verdict:?}")),
        }
    }
}

/// Do both frames hold the same, or are they the same where prost reads neither?
fn same(peer: &Peer, clean: &[u8], ours: &[u8]) -> Result<(), String> {
    let descriptor = POOL.get_message_by_name(peer.name).expect("peers are of the schema");
    let parse = |bytes: &[u8]| DynamicMessage::decode(descriptor.clone(), bytes);
    match (parse(clean), parse(ours)) {
        (Ok(clean), Ok(ours)) => match difference::first(&ours, &clean) {
            Some(path) => Err(format!("we read something else: {path}")),
            None => Ok(()),
        },
        _ if clean == ours => Ok(()),
        _ => Err(format!("we send {ours:02x?}")),
    }
}

/// A field of wire type 2: tag, length, content.
pub fn field(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let mut len = content.len();
    while len > 0x7f {
        out.push(len as u8 | 0x80);
        len >>= 7;
    }
    out.push(len as u8);
    out.extend_from_slice(content);
    out
}
