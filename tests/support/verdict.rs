//! One frame, this crate and prost: do they agree, and if not, is it documented?

use std::collections::BTreeMap;
use std::fmt;

use livekit_micro::DecodeError;
use livekit_micro::Malformed::{Group, Nesting, Truncated};
use prost_reflect::DynamicMessage;

use crate::difference;
use crate::documented::{Difference, Effect};
use crate::peer::{POOL, Peer};
use crate::reading::{self, Reading};

/// What both make of a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Both accept it, with equal values.
    Accepted,
    /// Both refuse it.
    Refused,
    /// They differ as documented.
    Differs(Difference),
}

/// Decodes `frame` on both sides.
///
/// What this crate accepts is also encoded and decoded again, and must be what [`reading`] expects.
///
/// # Errors
/// Says what differs that is not documented.
pub fn judge(peer: &Peer, frame: &[u8]) -> Result<Verdict, String> {
    let descriptor = POOL.get_message_by_name(peer.name).expect("peers are of the schema");
    let parse = |bytes: &[u8]| DynamicMessage::decode(descriptor.clone(), bytes);
    let theirs = parse(frame);
    let reading = reading::read(&descriptor, frame);
    let ours = match (peer.again)(frame) {
        Ok(ours) => ours,
        Err(error) if offset(&error) > frame.len() => return Err(format!("{error}: outside")),
        Err(_) if theirs.is_err() => return Ok(Verdict::Refused),
        Err(error) => return refused(&error, &reading),
    };
    match (peer.again)(&ours) {
        Ok(again) if again == ours => {}
        other => return Err(format!("we read our own bytes otherwise: {ours:02x?}, {other:02x?}")),
    }
    let Some(clean) = &reading.frame else { return Err("we accept it".to_owned()) };
    match (parse(&ours), parse(clean)) {
        (Ok(ours), Ok(clean)) => {
            if let Some(path) = difference::first(&ours, &clean) {
                return Err(format!("we misread it: {path}"));
            }
            match theirs.map(|theirs| difference::first(&ours, &theirs)) {
                Ok(None) => Ok(Verdict::Accepted),
                Ok(Some(path)) => Err(format!("prost reads something else: {path}")),
                Err(_) => lenient(&reading),
            }
        }
        (Err(_), Err(_)) if reading.met.contains(&Difference::JsonVarint) => {
            Ok(Verdict::Differs(Difference::JsonVarint))
        }
        (Err(error), _) => Err(format!("prost refuses ours: {error}")),
        (_, Err(error)) => Err(format!("prost refuses the clean frame: {error}")),
    }
}

/// Why do we accept what prost refuses?
fn lenient(reading: &Reading) -> Result<Verdict, String> {
    let found = reading.met.iter().find(|difference| difference.effect() == Effect::Accepted);
    let why = || format!("only we accept it, met {:?}", reading.met);
    found.map(|difference| Verdict::Differs(*difference)).ok_or_else(why)
}

/// Is the error one that prost does not have?
fn refused(error: &DecodeError, reading: &Reading) -> Result<Verdict, String> {
    let difference = match error {
        DecodeError::Capacity { .. } => Some(Difference::Capacity),
        DecodeError::Malformed { kind: Group, .. } => Some(Difference::Group),
        DecodeError::Malformed { kind: Truncated, .. } => Some(Difference::JsonGroup),
        DecodeError::Malformed { kind: Nesting, .. } => Some(Difference::JsonDepth),
        _ => None,
    };
    let is_met = |difference: &Difference| reading.met.contains(difference);
    // In a Struct, where it is read as what it says it is, it can end in any error.
    let in_map =
        Some(Difference::MapWireType).filter(|_| !matches!(error, DecodeError::Capacity { .. }));
    let met = difference.filter(is_met).or(in_map.filter(is_met));
    let why = || format!("only we refuse it: {error:?}, met {:?}", reading.met);
    met.map(Verdict::Differs).ok_or_else(why)
}

fn offset(error: &DecodeError) -> usize {
    match error {
        DecodeError::Malformed { offset, .. } => *offset,
        _ => 0, // names a field
    }
}

/// How many frames came to which verdict.
#[derive(Default)]
pub struct Tally {
    pub accepted: usize,
    pub refused: usize,
    pub differ: BTreeMap<Difference, usize>,
}

impl Tally {
    pub fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Accepted => self.accepted += 1,
            Verdict::Refused => self.refused += 1,
            Verdict::Differs(difference) => *self.differ.entry(difference).or_default() += 1,
        }
    }
}

/// `N accepted by both, N refused by both, N differ as documented (N over capacity, …)`
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, refused, differ } = self;
        let rows =
            differ.iter().map(|(difference, count)| format!("{count} {}", difference.name()));
        let rows = rows.collect::<Vec<_>>().join(", ");
        let sum: usize = differ.values().sum();
        write!(f, "{accepted} accepted by both, {refused} refused by both, ")?;
        write!(f, "{sum} differ as documented ({rows})")
    }
}
