//! A named frame and what has to come of it.

use livekit_micro::{CapacityKind, DecodeError, Malformed, OverCapacity};
use testkit::difference;
use testkit::documented::Difference;
use testkit::peer::Peer;
use testkit::reading::Family;
use testkit::verdict::{Verdict, held};

use crate::judged;

#[derive(Clone)]
pub struct Case {
    pub name: String,
    /// Full name of the message's type.
    pub message: &'static str,
    pub frame: Vec<u8>,
    owned: Expected,
    borrowed: Expected,
}

#[derive(Clone)]
struct Expected {
    ours: Outcome,
    /// What prost does otherwise, if anything.
    differs: Option<Difference>,
}

/// What we have to make of a frame.
#[derive(Clone)]
pub enum Outcome {
    /// This error.
    Error(DecodeError),
    /// The message that this clean frame holds.
    Reads(Vec<u8>),
    /// The same, and these bytes are sent.
    Sends(Vec<u8>),
}

pub fn malformed(kind: Malformed, offset: usize) -> Outcome {
    Outcome::Error(DecodeError::Malformed { kind, offset })
}

pub fn capacity(
    field: &'static str,
    bound: CapacityKind,
    actual: usize,
    capacity: usize,
) -> Outcome {
    let field = Box::leak(Box::new(field));
    Outcome::Error(DecodeError::Capacity(OverCapacity::new(field, bound, actual, capacity)))
}

pub fn reads(frame: impl AsRef<[u8]>) -> Outcome {
    Outcome::Reads(frame.as_ref().to_vec())
}

pub fn sends(frame: impl AsRef<[u8]>) -> Outcome {
    Outcome::Sends(frame.as_ref().to_vec())
}

/// A case for both families.
pub fn case(
    name: impl Into<String>,
    message: &'static str,
    frame: impl AsRef<[u8]>,
    ours: Outcome,
) -> Case {
    let expected = Expected { ours, differs: None };
    let frame = frame.as_ref().to_vec();
    Case { name: name.into(), message, frame, owned: expected.clone(), borrowed: expected }
}

impl Case {
    /// Prost does otherwise, in this way.
    pub fn differs(mut self, difference: Difference) -> Self {
        self.owned.differs = Some(difference);
        self.borrowed.differs = Some(difference);
        self
    }

    /// What else comes of it in a borrowed message.
    pub fn borrowed(self, ours: Outcome, differs: Option<Difference>) -> Self {
        Self { borrowed: Expected { ours, differs }, ..self }
    }

    pub fn check(&self, family: Family, peer: &'static Peer) -> Result<Verdict, String> {
        let Expected { ours, differs } = match family {
            Family::Owned => &self.owned,
            Family::Borrowed => &self.borrowed,
        };
        let verdict = judged(family, peer, &self.frame)?;
        let expected = match (differs, ours) {
            (Some(difference), _) => Verdict::Differs(*difference),
            (None, Outcome::Error(_)) => Verdict::Refused,
            (None, _) => Verdict::Accepted,
        };
        match (ours, (peer.again)(&self.frame)) {
            (Outcome::Error(expected), Err(error)) if error == *expected => {}
            (Outcome::Reads(clean), Ok(sent)) => same(family, peer, clean, &sent)?,
            (Outcome::Sends(bytes), Ok(sent)) if sent == *bytes => {}
            (_, outcome) => return Err(format!("we come to {outcome:02x?}")),
        }
        match verdict == expected {
            true => Ok(verdict),
            false => Err(format!("beside prost we come to {verdict:?}")),
        }
    }
}

/// Returns `true` if both encodings hold the same.
fn same(family: Family, peer: &Peer, clean: &[u8], sent: &[u8]) -> Result<(), String> {
    let (clean, sent) = (held(family, peer.name, clean)?, held(family, peer.name, sent)?);
    match difference::first(&sent, &clean) {
        Some(path) => Err(format!("we read something else: {path}")),
        None => Ok(()),
    }
}

/// A field of wire type 2: key, length, content.
pub fn field(key: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![key];
    let mut len = content.len();
    while len > 0x7f {
        out.push(len as u8 | 0x80);
        len >>= 7;
    }
    out.push(len as u8);
    out.extend_from_slice(content);
    out
}
