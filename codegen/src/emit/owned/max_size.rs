//! The largest encoded size of an owned message, which follows from its capacities.

use std::collections::BTreeMap;

use crate::config::plan::Plan;
use crate::schema::{Field, Kind, Member, Message, Scalar};

/// Protobuf's own limit of a message.
const LIMIT: u64 = i32::MAX as u64;

/// Largest sizes by full name; `None` if there is none, or it exceeds what protobuf allows.
pub struct MaxSizes<'a> {
    plan: &'a Plan,
    known: BTreeMap<String, Option<u64>>,
}

impl<'a> MaxSizes<'a> {
    pub fn of(plan: &'a Plan) -> Self {
        Self { plan, known: BTreeMap::new() }
    }

    /// The largest size of the message of this full name.
    pub fn message(&mut self, name: &str) -> Option<u64> {
        if let Some(size) = self.known.get(name) {
            return *size;
        }
        // Seen again before it is known, the message holds itself.
        self.known.insert(name.to_owned(), None);
        let message = self.plan.schema.message(name).expect("references are of the schema");
        let size = match message.hand_written() {
            Some(_) => Some(u64::from(self.plan.sizes["STRUCT_BYTES"])),
            None => self.fields(message),
        };
        let size = size.filter(|size| *size <= LIMIT);
        self.known.insert(name.to_owned(), size);
        size
    }

    fn fields(&mut self, message: &Message) -> Option<u64> {
        let plan = self.plan;
        let mut sum = 0u64;
        for member in message.members(|field| plan.is_owned(message, field)) {
            let size = match member {
                Member::Field(field) => self.field(message, field)?,
                Member::Oneof(_, cases) => {
                    let mut largest = 0;
                    for case in cases {
                        largest = largest.max(self.field(message, case)?);
                    }
                    largest
                }
            };
            sum = sum.saturating_add(size);
        }
        Some(sum)
    }

    fn field(&mut self, message: &Message, field: &Field) -> Option<u64> {
        let capacity =
            self.plan.capacities.get(&message.full_name(field)).copied().unwrap_or_default();
        let tag = varint(u64::from(field.number) << 3);
        let items = u64::from(capacity.items.unwrap_or(1));
        if let Some(entry) = self.plan.schema.entry(field) {
            let key = self.value(&entry.fields[0].kind, capacity.key_bytes)?;
            let value = self.value(&entry.fields[1].kind, capacity.value_bytes)?;
            return Some(items.saturating_mul(tag + record(2 + key + value)));
        }
        let value = self.value(&field.kind, capacity.bytes)?;
        Some(match field.packed {
            true if items == 0 => 0,
            true => tag + record(items.saturating_mul(value)),
            false => items.saturating_mul(tag + value),
        })
    }

    /// The largest size of one value, without its tag.
    fn value(&mut self, kind: &Kind, bytes: Option<u32>) -> Option<u64> {
        Some(match kind {
            Kind::String | Kind::Bytes => record(u64::from(bytes.expect("each has a capacity"))),
            Kind::Message(name) => record(self.message(name)?),
            Kind::Scalar(Scalar::Bool) => 1,
            Kind::Scalar(Scalar::Uint32 | Scalar::Sint32) => 5,
            Kind::Scalar(Scalar::Fixed32 | Scalar::Sfixed32 | Scalar::Float) => 4,
            Kind::Scalar(Scalar::Fixed64 | Scalar::Sfixed64 | Scalar::Double) => 8,
            // A negative int32 takes as much as an int64.
            Kind::Scalar(_) | Kind::Enum(_) => 10,
        })
    }
}

/// The size of `len` bytes and their length.
fn record(len: u64) -> u64 {
    varint(len).saturating_add(len)
}

/// The size of a varint.
fn varint(value: u64) -> u64 {
    u64::from((value | 1).ilog2() / 7 + 1)
}

#[cfg(test)]
mod tests {
    use super::{record, varint};

    #[test]
    fn varint_takes_a_byte_for_seven_bits() {
        let sizes = [0, 1, 0x7f, 0x80, 0x3fff, 0x4000, u64::from(u32::MAX), u64::MAX].map(varint);
        assert_eq!(sizes, [1, 1, 1, 2, 2, 3, 5, 10]);
    }

    #[test]
    fn record_counts_its_length() {
        assert_eq!([0, 127, 128].map(record), [1, 128, 130]);
    }
}
