//! A frame as this crate reads it, written down so that everybody reads it alike.
//!
//! A second decoder, slow and independent of the generated ones: it follows micropb's reading on the
//! descriptors, lenient as that is, writes what it reads as a clean frame, and notes every
//! [`Difference`] from prost that it meets. What prost makes of the clean frame is what this crate
//! has to make of the original.

use std::collections::{BTreeSet, HashMap, HashSet};

use livekit_micro::limits::STRUCT_BYTES;
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use crate::documented::Difference;
use crate::fits;

/// What came of reading a frame.
pub struct Reading {
    /// The clean frame; `None` if we have to refuse it.
    pub frame: Option<Vec<u8>>,
    /// The differences met up to its end, or to where it is refused.
    pub met: BTreeSet<Difference>,
}

/// Reads `frame`, a message of this type.
pub fn read(descriptor: &MessageDescriptor, frame: &[u8]) -> Reading {
    let mut reader = Reader::default();
    let frame = reader.message(descriptor, frame);
    Reading { frame, met: reader.met }
}

const VARINT: u32 = 0;
const FIXED64: u32 = 1;
const BYTES: u32 = 2;
const START_GROUP: u32 = 3;
const FIXED32: u32 = 5;

/// Values that may be nested in a `Struct`, `Value` or `ListValue`.
const JSON_DEPTH: usize = 16;

#[derive(Default)]
struct Reader {
    met: BTreeSet<Difference>,
    /// Field numbers and indices on the way to the message that is read.
    path: Vec<usize>,
    /// Items of each list, bytes of each JSON so far: both grow when messages merge.
    sizes: HashMap<Vec<usize>, usize>,
    /// Keys of each map so far.
    keys: HashSet<(Vec<usize>, Vec<u8>)>,
}

impl Reader {
    fn message(&mut self, descriptor: &MessageDescriptor, mut rest: &[u8]) -> Option<Vec<u8>> {
        if is_json(descriptor) {
            return self.json(descriptor, rest);
        }
        let mut out = Vec::new();
        while !rest.is_empty() {
            let (number, wire) = self.tag(&mut rest)?;
            self.note_map(descriptor, number, wire);
            match descriptor.get_field(number) {
                _ if number == 0 => return None,
                None => self.skip(wire, &mut rest)?,
                Some(field) => self.field(&field, wire, &mut rest, &mut out)?,
            }
        }
        Some(out)
    }

    fn field(
        &mut self,
        field: &FieldDescriptor,
        wire: u32,
        rest: &mut &[u8],
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let (number, kind) = (field.number() as usize, field.kind());
        let limit = fits::limit(field);
        let own = wire_type(&kind);
        self.path.push(number);
        if field.is_map() {
            (wire == BYTES).then_some(())?;
            let content = self.bytes(rest)?;
            self.entry(field, content, out)?;
        } else if field.is_list() && wire == BYTES && own != BYTES {
            let mut content = self.bytes(rest)?;
            while !content.is_empty() {
                self.grow(1, limit?.items);
                self.value(&kind, (field.number(), own), None, &mut content, out)?;
            }
        } else {
            let in_oneof = field.containing_oneof().is_some_and(|oneof| !oneof.is_synthetic());
            match wire == own {
                true => {}
                false if in_oneof => drop(self.met.insert(Difference::OneofWireType)),
                false => return None,
            }
            if field.is_list() {
                let index = self.grow(1, limit?.items);
                self.path.push(index);
            }
            let most = limit.and_then(|limit| limit.bytes);
            self.value(&kind, (field.number(), own), most, rest, out)?;
            if field.is_list() {
                self.path.pop();
            }
        }
        self.path.pop();
        Some(())
    }

    /// An entry of a map.
    fn entry(&mut self, field: &FieldDescriptor, mut rest: &[u8], out: &mut Vec<u8>) -> Option<()> {
        let kind = field.kind();
        let entry = kind.as_message().expect("entries are messages");
        let limit = fits::limit(field).expect("maps have one");
        let most = [limit.key_bytes, limit.value_bytes];
        let (mut clean, mut key) = (Vec::new(), Vec::new());
        while !rest.is_empty() {
            let (number, wire) = self.tag(&mut rest)?;
            match entry.get_field(number) {
                _ if number == 0 => return None,
                None => self.skip(wire, &mut rest)?,
                Some(half) => {
                    let (kind, own) = (half.kind(), wire_type(&half.kind()));
                    if wire != own {
                        self.met.insert(Difference::EntryWireType);
                    }
                    let start = clean.len();
                    // Of a message that is a value every entry has one of its own.
                    let entries = self.sizes.len();
                    self.path.push(usize::MAX - entries);
                    self.value(
                        &kind,
                        (number, own),
                        most[number as usize - 1],
                        &mut rest,
                        &mut clean,
                    )?;
                    self.path.pop();
                    if number == 1 {
                        key = clean[start..].to_vec();
                    }
                }
            }
        }
        if self.keys.insert((self.path.clone(), key)) {
            self.grow(1, limit.items);
        }
        push_varint(out, u64::from(field.number() << 3 | BYTES));
        push_bytes(out, &clean);
        Some(())
    }

    /// One value, written with its tag.
    fn value(
        &mut self,
        kind: &Kind,
        (number, wire): (u32, u32),
        most: Option<usize>,
        rest: &mut &[u8],
        out: &mut Vec<u8>,
    ) -> Option<()> {
        push_varint(out, u64::from(number << 3 | wire));
        match kind {
            Kind::String | Kind::Bytes => {
                let len = self.length(rest)?;
                if most.is_some_and(|most| len > most) {
                    self.met.insert(Difference::Capacity);
                }
                let content = take(rest, len)?;
                if matches!(kind, Kind::String) {
                    std::str::from_utf8(content).ok()?;
                }
                push_bytes(out, content);
            }
            Kind::Message(message) => {
                let content = self.bytes(rest)?;
                push_bytes(out, &self.message(message, content)?);
            }
            _ if wire == FIXED64 => out.extend_from_slice(take(rest, 8)?),
            _ if wire == FIXED32 => out.extend_from_slice(take(rest, 4)?),
            _ => push_varint(out, self.varint(rest, Difference::LongVarint)?),
        }
        Some(())
    }

    /// A `Struct`, `Value` or `ListValue`: its own tags, lengths and numbers become short, what is
    /// in them stays as it came.
    fn json(&mut self, descriptor: &MessageDescriptor, mut rest: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        while !rest.is_empty() {
            let start = out.len();
            let (number, wire) = self.tag(&mut rest)?;
            self.note_map(descriptor, number, wire);
            push_varint(&mut out, u64::from(number << 3 | wire));
            self.grow(out.len() - start, Some(STRUCT_BYTES));
            let start = out.len();
            match wire {
                _ if number == 0 => return None,
                VARINT => push_varint(&mut out, self.varint(&mut rest, Difference::LongVarint)?),
                FIXED64 => out.extend_from_slice(take(&mut rest, 8)?),
                FIXED32 => out.extend_from_slice(take(&mut rest, 4)?),
                BYTES => push_bytes(&mut out, self.json_bytes(&mut rest)?),
                _ => self.skip(wire, &mut rest)?,
            }
            self.grow(out.len() - start, Some(STRUCT_BYTES));
        }
        self.inside_json(descriptor, &out, JSON_DEPTH)?;
        Some(out)
    }

    fn json_bytes<'a>(&mut self, rest: &mut &'a [u8]) -> Option<&'a [u8]> {
        let len = self.length(rest)?;
        if len > STRUCT_BYTES {
            self.met.insert(Difference::Capacity);
        }
        take(rest, len)
    }

    /// Checks what stays as it came.
    fn inside_json(
        &mut self,
        descriptor: &MessageDescriptor,
        mut rest: &[u8],
        depth: usize,
    ) -> Option<()> {
        while !rest.is_empty() {
            let tag = u32::try_from(self.varint(&mut rest, Difference::JsonVarint)?).ok()?;
            let (number, wire) = (tag >> 3, tag & 7);
            self.note_map(descriptor, number, wire);
            let content = match wire {
                VARINT => self.varint(&mut rest, Difference::JsonVarint).map(|_| &[][..])?,
                FIXED64 => take(&mut rest, 8)?,
                FIXED32 => take(&mut rest, 4)?,
                BYTES => {
                    let len = self.varint(&mut rest, Difference::JsonVarint)?;
                    take(&mut rest, usize::try_from(len).ok()?)?
                }
                _ => {
                    self.note_group(wire, Difference::JsonGroup);
                    return None;
                }
            };
            match descriptor.get_field(number).map(|field| field.kind()) {
                _ if number == 0 => return None,
                None => {}
                Some(kind) if wire_type(&kind) != wire => return None,
                Some(Kind::String) => drop(std::str::from_utf8(content).ok()?),
                Some(Kind::Message(message)) => {
                    let deeper = usize::from(message.name() == "Value");
                    if depth < deeper {
                        self.met.insert(Difference::JsonDepth);
                        return None;
                    }
                    self.inside_json(&message, content, depth - deeper)?;
                }
                Some(_) => {}
            }
        }
        Some(())
    }

    /// Adds to what stands at this path; returns what there was before.
    fn grow(&mut self, by: usize, most: Option<usize>) -> usize {
        let size = self.sizes.entry(self.path.clone()).or_default();
        let before = *size;
        *size += by;
        if most.is_some_and(|most| *size > most) {
            self.met.insert(Difference::Capacity);
        }
        before
    }

    fn tag(&mut self, rest: &mut &[u8]) -> Option<(u32, u32)> {
        let tag = self.varint(rest, Difference::LongTag)?;
        if tag > u64::from(u32::MAX) {
            self.met.insert(Difference::LongTag);
        }
        Some((tag as u32 >> 3, tag as u32 & 7))
    }

    fn length(&mut self, rest: &mut &[u8]) -> Option<usize> {
        let len = self.varint(rest, Difference::LongLength)?;
        if len > u64::from(u32::MAX) {
            self.met.insert(Difference::LongLength);
        }
        Some(len as u32 as usize)
    }

    fn bytes<'a>(&mut self, rest: &mut &'a [u8]) -> Option<&'a [u8]> {
        let len = self.length(rest)?;
        take(rest, len)
    }

    /// At most ten bytes, and 64 bits of them; `above` is met if there are more.
    fn varint(&mut self, rest: &mut &[u8], above: Difference) -> Option<u64> {
        let mut value = 0u64;
        for index in 0..10 {
            let (&byte, tail) = rest.split_first()?;
            *rest = tail;
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte < 0x80 {
                if index == 9 && byte > 1 {
                    self.met.insert(above);
                }
                return Some(value);
            }
        }
        None
    }

    fn skip(&mut self, wire: u32, rest: &mut &[u8]) -> Option<()> {
        match wire {
            VARINT => drop(self.varint(rest, Difference::LongVarint)?),
            FIXED64 => drop(take(rest, 8)?),
            FIXED32 => drop(take(rest, 4)?),
            BYTES => drop(self.bytes(rest)?),
            _ => {
                self.note_group(wire, Difference::Group);
                return None;
            }
        }
        Some(())
    }

    fn note_map(&mut self, descriptor: &MessageDescriptor, number: u32, wire: u32) {
        if wire != BYTES && descriptor.get_field(number).is_some_and(|field| field.is_map()) {
            self.met.insert(Difference::MapWireType);
        }
    }

    fn note_group(&mut self, wire: u32, group: Difference) {
        if wire == START_GROUP {
            self.met.insert(group);
        }
    }
}

fn is_json(descriptor: &MessageDescriptor) -> bool {
    let name = descriptor.full_name().strip_prefix("google.protobuf.");
    matches!(name, Some("Struct" | "Value" | "ListValue"))
}

fn wire_type(kind: &Kind) -> u32 {
    kind.wire_type() as u32
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(len)?;
    *rest = tail;
    Some(head)
}

fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    push_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn push_varint(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
