//! A frame as this crate reads it, written down so that everybody reads it alike.
//!
//! A second decoder, slow and independent of the crate's own: it follows the rules on the
//! descriptors, one message after the other with all of its parts, writes what it reads as a clean
//! frame, and notes every [`Difference`] from prost that it meets. What prost makes of the clean
//! frame is what this crate has to make of the original.

mod level;
mod wire;

use std::collections::BTreeSet;

use level::{Level, Several, Single};
use livekit_micro::limits::{self, STRUCT_BYTES};
use livekit_micro::{CapacityKind, DecodeError, Malformed, OverCapacity};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use wire::{BYTES, Field, push_bytes};

use crate::documented::Difference;
use crate::fits;

/// Which of the two kinds of messages reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// Has capacities, and takes every field as it comes.
    Owned,
    /// Remembers where submessages stand, and reads them when it has read the message they are of.
    Borrowed,
}

/// What came of reading a frame.
pub struct Reading {
    /// The clean frame; if we have to refuse it, the errors of which we may tell any.
    pub outcome: Result<Vec<u8>, Vec<DecodeError>>,
    /// The differences from prost.
    pub met: BTreeSet<Difference>,
}

/// Reads `frame`, a message of this type.
pub fn read(family: Family, descriptor: &MessageDescriptor, frame: &[u8]) -> Reading {
    let mut reader = Reader { family, frame, found: Vec::new(), met: BTreeSet::new() };
    let whole = Field { at: 0, number: 0, wire: BYTES, content: 0..frame.len() };
    let clean = reader.message(descriptor, &[whole], 0);
    let first = reader.found.iter().map(|(place, _)| *place).min();
    let told = reader.found.iter().filter(|(place, _)| Some(*place) == first);
    let told: Vec<DecodeError> = told.map(|(_, error)| *error).collect();
    Reading { outcome: if told.is_empty() { Ok(clean) } else { Err(told) }, met: reader.met }
}

/// Messages in one another, entries of maps among them.
const NESTING: usize = 50;

/// When an owned message finds an error: at the field that begins here, and which of those that can
/// be found there it is; 0 are those found when the field in front is done.
type Place = (usize, u8);

struct Reader<'a> {
    family: Family,
    frame: &'a [u8],
    /// Owned messages tell the first one, borrowed ones any.
    found: Vec<(Place, DecodeError)>,
    met: BTreeSet<Difference>,
}

impl Reader<'_> {
    /// The message of which `parts` are the parts, in clean form.
    fn message(&mut self, message: &MessageDescriptor, parts: &[Field], depth: usize) -> Vec<u8> {
        if self.family == Family::Owned && fits::is_json(message) {
            return self.json(message, parts, depth);
        }
        let mut level = Level::default();
        let mut all = parts.iter().enumerate();
        let whole = all.try_for_each(|(part, field)| self.part(message, part, field, &mut level));
        if whole.is_none() && self.family == Family::Borrowed {
            return Vec::new(); // its submessages are not read then
        }
        if let Some(first) = parts.first().filter(|_| depth > NESTING) {
            self.malformed(Malformed::Nesting, first.at, first.at);
            return Vec::new(); // in order so far, but too deep
        }
        for replaced in level.replaced {
            self.replaced(replaced, depth + 1);
        }
        let mut out = level.out;
        for single in level.singles.into_values() {
            match single.known.kind() {
                Kind::Message(message) => {
                    let content = self.message(&message, &single.fields, depth + 1);
                    push_bytes(&mut out, single.known.number(), &content);
                }
                _ => out.extend_from_slice(&single.clean),
            }
        }
        for Several { number, message, fields, key } in level.several {
            let deeper = if key.is_some() { 2 } else { 1 };
            let mut content = self.message(&message, &fields, depth + deeper);
            if let Some(key) = key {
                let mut entry = key;
                push_bytes(&mut entry, 2, &content);
                content = entry;
            }
            push_bytes(&mut out, number, &content);
        }
        out
    }

    /// The field of the schema, unless it comes as another wire type: then it is an unknown one.
    fn known(&mut self, message: &MessageDescriptor, key: (u32, u32)) -> Option<FieldDescriptor> {
        let known = message.get_field(key.0)?;
        let own = known.kind().wire_type() as u32;
        if key.1 == own || key.1 == BYTES && known.is_list() {
            return Some(known);
        }
        let is_map = known.is_map();
        self.met.insert(if is_map { Difference::MapWireType } else { Difference::WireType });
        None
    }

    fn nothing_wrong(
        &mut self,
        message: &MessageDescriptor,
        wrong: Option<wire::Wrong>,
    ) -> Option<()> {
        let Some(wrong) = wrong else { return Some(()) };
        wrong.key.and_then(|key| self.known(message, key));
        self.malformed(wrong.kind, wrong.at, wrong.at)
    }

    /// A oneof's member that a later one replaced.
    fn replaced(&mut self, single: Single, depth: usize) {
        let Kind::Message(message) = single.known.kind() else { return };
        if self.family == Family::Owned {
            drop(self.message(&message, &single.fields, depth));
            return;
        }
        let mut apart = self.apart();
        apart.message(&message, &single.fields, depth);
        let is_wrong = !apart.found.is_empty();
        self.met.extend(apart.met);
        self.met.extend(is_wrong.then_some(Difference::Replaced));
    }

    /// A `Struct`, `Value` or `ListValue` of an owned message: each part is read as a borrowed one,
    /// then all bytes together.
    fn json(&mut self, message: &MessageDescriptor, parts: &[Field], depth: usize) -> Vec<u8> {
        let (mut bytes, mut clean) = (Vec::new(), Vec::new());
        for part in parts {
            let is_first = bytes.is_empty();
            let mut apart = self.apart();
            apart.message(message, std::slice::from_ref(part), depth);
            self.met.extend(apart.met);
            self.found.extend(apart.found.into_iter().map(|(_, error)| ((part.at, 1), error)));
            bytes.extend_from_slice(&self.frame[part.content.clone()]);
            if bytes.len() > STRUCT_BYTES {
                let name = fits::JSON.iter().find(|name| **name == message.full_name());
                let name = name.expect("it is one of them");
                self.over(name, CapacityKind::Bytes, bytes.len(), STRUCT_BYTES, (part.at, 2));
            }
            let together = read(Family::Borrowed, message, &bytes);
            self.met.extend(together.met);
            match together.outcome {
                Ok(all) => clean = all,
                Err(_) if is_first => {}
                Err(_) => {
                    let error = DecodeError::Malformed {
                        kind: Malformed::SplitSubmessage,
                        offset: part.at,
                    };
                    self.found.push(((part.at, 3), error));
                }
            }
        }
        clean
    }

    /// One that reads the same frame as a borrowed message.
    fn apart(&self) -> Self {
        Self { family: Family::Borrowed, found: Vec::new(), met: BTreeSet::new(), ..*self }
    }

    /// The capacities of a field, if it has any.
    fn limit(&self, known: &FieldDescriptor) -> Option<&'static limits::Field> {
        fits::limit(known).filter(|_| self.family == Family::Owned)
    }

    /// `None` if it is over the capacity.
    fn fits(
        &mut self,
        limit: Option<&'static limits::Field>,
        bound: CapacityKind,
        actual: usize,
        place: Place,
    ) -> Option<()> {
        let Some(limit) = limit else { return Some(()) };
        let fits = match bound {
            CapacityKind::Bytes => limit.bytes,
            CapacityKind::Items => limit.items,
            CapacityKind::KeyBytes => limit.key_bytes,
            _ => limit.value_bytes,
        };
        match fits {
            Some(capacity) if actual > capacity => {
                self.over(&limit.name, bound, actual, capacity, place)
            }
            _ => Some(()),
        }
    }

    fn over(
        &mut self,
        field: &'static &'static str,
        bound: CapacityKind,
        actual: usize,
        capacity: usize,
        place: Place,
    ) -> Option<()> {
        let over = OverCapacity::new(field, bound, actual, capacity);
        self.found.push((place, DecodeError::Capacity(over)));
        None
    }

    /// What is wrong at `offset`, in the field that begins at `field`.
    fn malformed(&mut self, kind: Malformed, offset: usize, field: usize) -> Option<()> {
        let place = match self.family {
            Family::Owned => (field, 1),
            Family::Borrowed => (0, 0),
        };
        self.found.push((place, DecodeError::Malformed { kind, offset }));
        None
    }
}
