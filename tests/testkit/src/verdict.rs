//! One encoding, this crate and prost: whether they agree, and if not, whether that is documented.

use std::collections::BTreeMap;
use std::fmt;

use livekit_micro::Malformed::{Nesting, SplitSubmessage};
use livekit_micro::{CapacityKind, DecodeError, OverCapacity};
use prost_reflect::{DynamicMessage, MessageDescriptor};

use crate::difference;
use crate::documented::{Difference, Effect};
use crate::peer::{POOL, Peer};
use crate::reading::{self, Family, Reading};

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

/// Decodes `frame` on both sides; `peer` is of this family.
///
/// What this crate makes of it must be what [`reading`] expects, its error too. What it accepts is
/// also encoded and decoded again.
///
/// # Errors
/// Says what differs that is not documented.
pub fn judge(family: Family, peer: &Peer, frame: &[u8]) -> Result<Verdict, String> {
    let descriptor = descriptor(peer.name);
    let theirs = parse(&descriptor, frame).ok();
    let reading = reading::read(family, &descriptor, frame);
    match ((peer.again)(frame), &reading.outcome) {
        (Err(error), Err(expected)) if expected.iter().any(|one| is(one, &error)) => match theirs {
            None => Ok(Verdict::Refused),
            Some(_) => refused(&error, &reading),
        },
        (Err(error), Err(expected)) => Err(format!("we tell {error:?}, expected is {expected:?}")),
        (Err(error), Ok(_)) => Err(format!("we refuse it: {error:?}")),
        (Ok(_), Err(expected)) => Err(format!("we accept it, expected is {expected:?}")),
        (Ok(ours), Ok(clean)) => {
            match (peer.again)(&ours) {
                Ok(again) if again == ours => {}
                other => return Err(format!("we read our own {ours:02x?} as {other:02x?}")),
            }
            let clean = parse(&descriptor, clean)?;
            sent(family, &descriptor, &ours, &clean)?;
            match theirs.map(|theirs| difference::first(&clean, &theirs)) {
                Some(None) => Ok(Verdict::Accepted),
                Some(Some(path)) => documented(&reading, &[Effect::Otherwise])
                    .map_err(|why| format!("prost reads something else: {path}, {why}")),
                None => documented(&reading, &[Effect::Otherwise, Effect::Accepted])
                    .map_err(|why| format!("only we accept it, {why}")),
            }
        }
    }
}

/// What a frame holds that is in order for this family: in prost's hands, but as we read it.
///
/// # Errors
/// Says why if it is not.
pub fn held(family: Family, name: &str, frame: &[u8]) -> Result<DynamicMessage, String> {
    let reading = reading::read(family, &descriptor(name), frame);
    let clean = reading.outcome.map_err(|errors| format!("it is not in order: {errors:?}"))?;
    parse(&descriptor(name), &clean)
}

/// Checks that what we send is the message that was read, for us and for prost.
///
/// A borrowed message passes on what prost would not read alike; only then prost may find something
/// else.
fn sent(
    family: Family,
    descriptor: &MessageDescriptor,
    ours: &[u8],
    clean: &DynamicMessage,
) -> Result<(), String> {
    let reading = reading::read(family, descriptor, ours);
    let by_us = reading.outcome.map_err(|errors| format!("we send {ours:02x?}: {errors:?}"))?;
    let mut all = vec![parse(descriptor, &by_us)?];
    if reading.met.is_empty() {
        all.push(parse(descriptor, ours)?);
    }
    match all.iter().find_map(|sent| difference::first(sent, clean)) {
        None => Ok(()),
        Some(path) => Err(format!("we misread it: {path}")),
    }
}

/// Returns why both differ, though we accept it.
fn documented(reading: &Reading, effects: &[Effect]) -> Result<Verdict, String> {
    let found = reading.met.iter().find(|difference| effects.contains(&difference.effect()));
    let why = || format!("met {:?}", reading.met);
    found.map(|difference| Verdict::Differs(*difference)).ok_or_else(why)
}

/// Returns `true` if the error, which is the right one, is one that prost does not have.
fn refused(error: &DecodeError, reading: &Reading) -> Result<Verdict, String> {
    match error {
        DecodeError::Capacity(_) => Ok(Verdict::Differs(Difference::Capacity)),
        DecodeError::Malformed { kind: Nesting, .. } => Ok(Verdict::Differs(Difference::Nesting)),
        DecodeError::Malformed { kind: SplitSubmessage, .. } => {
            Ok(Verdict::Differs(Difference::Split))
        }
        _ => documented(reading, &[Effect::Otherwise])
            .map_err(|why| format!("only we refuse it: {error:?}, {why}")),
    }
}

/// Returns `true` if the error is the expected one. Items of lists and maps are counted to the end.
fn is(expected: &DecodeError, told: &DecodeError) -> bool {
    match (*expected, *told) {
        (DecodeError::Capacity(expected), DecodeError::Capacity(told)) => {
            let place = |over: OverCapacity| (over.field(), over.kind(), over.capacity());
            let actual_is_right = match expected.kind() {
                CapacityKind::Items => expected.actual() <= told.actual(),
                _ => expected.actual() == told.actual(),
            };
            place(expected) == place(told) && actual_is_right
        }
        (expected, told) => expected == told,
    }
}

fn descriptor(name: &str) -> MessageDescriptor {
    POOL.get_message_by_name(name).expect("peers are of the schema")
}

fn parse(descriptor: &MessageDescriptor, frame: &[u8]) -> Result<DynamicMessage, String> {
    DynamicMessage::decode(descriptor.clone(), frame)
        .map_err(|error| format!("prost refuses it: {error}"))
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
