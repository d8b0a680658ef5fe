//! The fields of one message, before its submessages are read.

use std::collections::{BTreeMap, BTreeSet};

use livekit_micro::{CapacityKind, Malformed, limits};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::wire::{self, Field, push_bytes, push_varint};
use super::{Family, Reader};

/// What is known of a message before its submessages are read.
#[derive(Default)]
pub struct Level {
    /// The clean frame: what is no submessage.
    pub out: Vec<u8>,
    /// Items of lists and entries of maps, by number.
    counts: BTreeMap<u32, usize>,
    /// Keys of maps, with their numbers.
    keys: BTreeSet<(u32, Vec<u8>)>,
    /// Of a list or map the part of the message that has it.
    parts: BTreeMap<u32, usize>,
    /// Submessages that there is one of, and members of oneofs: by number, or by the first number
    /// of the oneof.
    pub singles: BTreeMap<u32, Single>,
    /// Members of oneofs behind which others came.
    pub replaced: Vec<Single>,
    /// Messages of lists and maps.
    pub several: Vec<Several>,
}

pub struct Single {
    pub known: FieldDescriptor,
    /// The part of the message that has it.
    part: usize,
    /// Of a message all of them, merged.
    pub fields: Vec<Field>,
    /// Of anything else.
    pub clean: Vec<u8>,
}

pub struct Several {
    pub number: u32,
    pub message: MessageDescriptor,
    pub fields: Vec<Field>,
    /// Of an entry, in its clean form.
    pub key: Option<Vec<u8>>,
}

/// An entry of a map: its clean halves, or the fields of a value that is a message.
struct Halves {
    key: Vec<u8>,
    value: Vec<u8>,
    parts: Vec<Field>,
}

impl Reader<'_> {
    /// The fields of one part of a message; `None` if it is not in order.
    pub fn part(
        &mut self,
        message: &MessageDescriptor,
        part: usize,
        field: &Field,
        level: &mut Level,
    ) -> Option<()> {
        let (fields, wrong) = wire::fields(self.frame, field.content.clone());
        for field in fields {
            if let Some(known) = self.known(message, (field.number, field.wire)) {
                self.field(known, part, field, level)?;
            }
        }
        self.nothing_wrong(message, wrong)
    }

    fn field(
        &mut self,
        known: FieldDescriptor,
        part: usize,
        field: Field,
        level: &mut Level,
    ) -> Option<()> {
        let number = field.number;
        if known.is_map() || known.is_list() {
            let first = *level.parts.entry(number).or_insert(part);
            self.in_one_part(first == part, &field)?;
            return match known.is_map() {
                true => self.entry(&known, field, level),
                false => self.items(&known, field, level),
            };
        }
        let is_message = matches!(known.kind(), Kind::Message(_));
        let oneof = known.containing_oneof().filter(|oneof| !oneof.is_synthetic());
        let mut clean = Vec::new();
        if !is_message {
            self.value(&known, CapacityKind::Bytes, self.limit(&known), &field, &mut clean)?;
            if oneof.is_none() {
                level.out.extend_from_slice(&clean);
                return Some(());
            }
        }
        let place = oneof.and_then(|oneof| oneof.fields().map(|field| field.number()).min());
        let place = place.unwrap_or(number);
        match level.singles.get_mut(&place).filter(|single| single.known == known) {
            Some(single) if is_message => {
                self.in_one_part(single.part == part, &field)?;
                single.fields.push(field);
            }
            _ => {
                let single = Single { known, part, fields: vec![field], clean };
                level.replaced.extend(level.singles.insert(place, single));
            }
        }
        Some(())
    }

    /// One place in the frame is all that a borrowed message remembers.
    fn in_one_part(&mut self, is: bool, field: &Field) -> Option<()> {
        match is || self.family == Family::Owned {
            true => Some(()),
            false => self.malformed(Malformed::SplitSubmessage, field.at, field.at),
        }
    }

    /// One item of a list, or several that are packed.
    fn items(&mut self, known: &FieldDescriptor, field: Field, level: &mut Level) -> Option<()> {
        let (kind, limit) = (known.kind(), self.limit(known));
        let own = kind.wire_type() as u32;
        let items = match field.wire == own {
            true => vec![field.content.clone()],
            false => match wire::packed(self.frame, field.content.clone(), own) {
                Ok(items) => items,
                Err(kind) => return self.malformed(kind, field.at, field.at),
            },
        };
        let count = level.counts.entry(field.number).or_default();
        *count += items.len();
        self.fits(limit, CapacityKind::Items, *count, (field.at, 1))?;
        for content in items {
            let item = Field { content, ..field };
            match &kind {
                Kind::Message(message) => {
                    let (number, message) = (field.number, message.clone());
                    level.several.push(Several { number, message, fields: vec![item], key: None });
                }
                _ => self.value(known, CapacityKind::Bytes, limit, &item, &mut level.out)?,
            }
        }
        Some(())
    }

    /// An entry of a map.
    fn entry(&mut self, known: &FieldDescriptor, field: Field, level: &mut Level) -> Option<()> {
        let (kind, limit) = (known.kind(), self.limit(known));
        let entry = kind.as_message().expect("entries are messages");
        let (key, value) = (entry.map_entry_key_field(), entry.map_entry_value_field());
        // A half that is left out is the default; a key is a text or a varint: 0 is either's.
        let key = vec![(1 << 3 | key.kind().wire_type() as u32) as u8, 0];
        let mut halves = Halves { key, value: Vec::new(), parts: Vec::new() };
        let whole = self.halves(entry, limit, &field, &mut halves);
        let Halves { key, value: clean, parts } = halves;
        let is_new = level.keys.insert((field.number, key.clone()));
        match value.kind() {
            Kind::Message(message) => {
                let (number, key) = (field.number, Some(key));
                level.several.push(Several { number, message, fields: parts, key });
            }
            _ => push_bytes(&mut level.out, field.number, &[key, clean].concat()),
        }
        whole?;
        let count = level.counts.entry(field.number).or_default();
        *count += usize::from(is_new);
        self.fits(limit, CapacityKind::Items, *count, (field.content.end, 0))
    }

    fn halves(
        &mut self,
        entry: &MessageDescriptor,
        limit: Option<&'static limits::Field>,
        field: &Field,
        halves: &mut Halves,
    ) -> Option<()> {
        let (fields, wrong) = wire::fields(self.frame, field.content.clone());
        for half in fields {
            match self.known(entry, (half.number, half.wire)) {
                Some(known) if known.number() == 1 => {
                    halves.key.clear();
                    self.value(&known, CapacityKind::KeyBytes, limit, &half, &mut halves.key)?;
                }
                Some(known) if matches!(known.kind(), Kind::Message(_)) => halves.parts.push(half),
                Some(known) => {
                    halves.value.clear();
                    self.value(&known, CapacityKind::ValueBytes, limit, &half, &mut halves.value)?;
                }
                None => {}
            }
        }
        self.nothing_wrong(entry, wrong)
    }

    /// One value that is no message, written with its key.
    fn value(
        &mut self,
        known: &FieldDescriptor,
        bound: CapacityKind,
        limit: Option<&'static limits::Field>,
        field: &Field,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let (number, kind) = (known.number(), known.kind());
        let content = &self.frame[field.content.clone()];
        match kind {
            Kind::String | Kind::Bytes => {
                if let (Kind::String, Err(error)) = (kind, std::str::from_utf8(content)) {
                    let at = field.content.start + error.valid_up_to();
                    return self.malformed(Malformed::Utf8, at, field.at);
                }
                push_bytes(out, number, content);
                self.fits(limit, bound, content.len(), (field.at, 1))?;
            }
            _ => {
                push_varint(out, u64::from(number << 3 | kind.wire_type() as u32));
                match kind.wire_type() as u32 {
                    wire::VARINT => {
                        let (bits, _) = wire::varint(content).expect("it was read before");
                        push_varint(out, narrow(&kind, bits));
                    }
                    _ => out.extend_from_slice(content),
                }
            }
        }
        Some(())
    }
}

/// As many bits of a varint as count.
fn narrow(kind: &Kind, bits: u64) -> u64 {
    match kind {
        Kind::Bool => u64::from(bits != 0),
        Kind::Int32 | Kind::Enum(_) => i64::from(bits as i32) as u64,
        Kind::Uint32 | Kind::Sint32 => u64::from(bits as u32),
        _ => bits,
    }
}
