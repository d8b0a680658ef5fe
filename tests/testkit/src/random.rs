//! Random messages that fit the capacities of this build.
//!
//! [`message`] makes the value number `index` of a message type, always the same one, so that a
//! failure is named by the two and can be repeated.

mod json;
mod scalar;

use std::collections::HashMap;

use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, OneofDescriptor, Value,
};

use super::fits;

/// How a value is made.
#[derive(Clone, Copy)]
struct Recipe {
    fields: Fields,
    numbers: Numbers,
    sizes: Sizes,
}

/// Which fields are set. Of a oneof it is always one member.
#[derive(Clone, Copy, PartialEq)]
enum Fields {
    None,
    All,
    /// This share of them, and ever fewer the deeper they lie: what is deep is a message type of
    /// its own, and has its turn as such.
    Some(f64),
}

/// What stands in numbers, enums and bools.
#[derive(Clone, Copy)]
enum Numbers {
    Zero,
    Highest,
    Lowest,
    /// The longest varint where it is signed; an enum number that no schema has; not a number.
    MinusOne,
    Any,
}

/// How long texts, bytes, lists and maps are.
#[derive(Clone, Copy, PartialEq)]
enum Sizes {
    Empty,
    One,
    Full,
    Any,
}

/// The first values of every message type; those behind them are random.
const SPECIAL: [Recipe; 7] = [
    recipe(Fields::None, Numbers::Zero, Sizes::Empty), // the empty message
    recipe(Fields::All, Numbers::Highest, Sizes::Full), // everything at capacity
    recipe(Fields::All, Numbers::Zero, Sizes::Empty),  // everything there that can be there empty
    recipe(Fields::All, Numbers::Lowest, Sizes::One),
    recipe(Fields::All, Numbers::MinusOne, Sizes::One),
    recipe(Fields::All, Numbers::Any, Sizes::One),
    recipe(Fields::All, Numbers::Any, Sizes::Full),
];

const fn recipe(fields: Fields, numbers: Numbers, sizes: Sizes) -> Recipe {
    Recipe { fields, numbers, sizes }
}

/// The value `index` of a message type.
///
/// Of each of its oneofs value 1 has the first member, value 2 the second, and so on round.
pub fn message(descriptor: &MessageDescriptor, index: usize) -> DynamicMessage {
    let mut rng = fastrand::Rng::with_seed(seed(descriptor.full_name(), index));
    let recipe = SPECIAL.get(index).copied().unwrap_or_else(|| {
        let share = [0.2, 0.6, 1.0][rng.usize(..3)];
        let sizes = if rng.u8(..4) == 0 { Sizes::Full } else { Sizes::Any };
        recipe(Fields::Some(share), Numbers::Any, sizes)
    });
    Maker { rng, recipe, index }.message(descriptor, 0)
}

/// FNV-1a of the name, and the index.
fn seed(name: &str, index: usize) -> u64 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    hash.wrapping_add(index as u64)
}

struct Maker {
    rng: fastrand::Rng,
    recipe: Recipe,
    index: usize,
}

impl Maker {
    fn message(&mut self, descriptor: &MessageDescriptor, depth: i32) -> DynamicMessage {
        let mut message = DynamicMessage::new(descriptor.clone());
        if fits::is_bounded_as_a_whole(&message) {
            return self.json(descriptor);
        }
        for oneof in descriptor.oneofs().filter(|oneof| !oneof.is_synthetic()) {
            if let Some(field) = self.member(&oneof, depth) {
                message.set_field(&field, self.field(&field, depth));
            }
        }
        for field in descriptor.fields().filter(|field| !in_oneof(field)) {
            if self.is_set(depth) {
                message.set_field(&field, self.field(&field, depth));
            }
        }
        message
    }

    /// The member of `oneof` that is set.
    fn member(&mut self, oneof: &OneofDescriptor, depth: i32) -> Option<FieldDescriptor> {
        let count = oneof.fields().len();
        let turn = match depth {
            0 => self.index.checked_sub(1)? % count,
            _ if self.is_set(depth) => self.rng.usize(..count),
            _ => return None,
        };
        oneof.fields().nth(turn)
    }

    fn is_set(&mut self, depth: i32) -> bool {
        match self.recipe.fields {
            Fields::None => false,
            Fields::All => true,
            Fields::Some(share) => self.rng.f64() < share * 0.7f64.powi(depth),
        }
    }

    fn field(&mut self, field: &FieldDescriptor, depth: i32) -> Value {
        let limit = fits::limit(field);
        let bytes = limit.and_then(|limit| limit.bytes).unwrap_or(0);
        let items = limit.and_then(|limit| limit.items).unwrap_or(0);
        if field.is_list() {
            let count = self.size(items, 3);
            return Value::List(
                (0..count).map(|_| self.single(&field.kind(), bytes, depth)).collect(),
            );
        }
        match field.kind() {
            Kind::Message(entry) if field.is_map() => {
                let (key, value) = (entry.map_entry_key_field(), entry.map_entry_value_field());
                let half = |bytes: Option<usize>| bytes.unwrap_or(0);
                let key_bytes = half(limit.and_then(|limit| limit.key_bytes));
                let value_bytes = half(limit.and_then(|limit| limit.value_bytes));
                let count = self.size(items, 3);
                let mut entries = HashMap::new();
                for _ in 0..8 * count {
                    let key = self.not_default(&key.kind(), key_bytes, depth);
                    let value = self.not_default(&value.kind(), value_bytes, depth);
                    entries.insert(key.into_map_key().expect("keys are texts or integers"), value);
                    if entries.len() == count {
                        break;
                    }
                }
                Value::Map(entries)
            }
            kind => self.single(&kind, bytes, depth),
        }
    }

    /// One value: of a list, of a map, or of a field that is neither.
    fn single(&mut self, kind: &Kind, bytes: usize, depth: i32) -> Value {
        match kind {
            Kind::Message(message) => Value::Message(self.message(message, depth + 1)),
            Kind::String => Value::String(self.text(bytes)),
            Kind::Bytes => Value::Bytes(self.bytes(bytes).into()),
            kind => self.number(kind),
        }
    }

    /// Half of a map entry. A default one may be left out on the wire, as prost does, or not, as we
    /// do, and bytes could not be compared; tests/wire_rules.rs and the corpus have such entries.
    fn not_default(&mut self, kind: &Kind, bytes: usize, depth: i32) -> Value {
        let value = self.single(kind, bytes, depth);
        match kind {
            Kind::Message(_) => value, // written even if it is empty
            _ if !value.is_default(kind) => value,
            _ => {
                let any = recipe(self.recipe.fields, Numbers::Highest, Sizes::One);
                let before = std::mem::replace(&mut self.recipe, any);
                let value = self.single(kind, bytes, depth);
                self.recipe = before;
                value
            }
        }
    }

    /// A number of bytes or items up to `most`; `usual` is enough for most random ones.
    fn size(&mut self, most: usize, usual: usize) -> usize {
        match self.recipe.sizes {
            Sizes::Empty => 0,
            Sizes::One => most.min(1),
            Sizes::Full => most,
            Sizes::Any => match self.rng.u8(..8) {
                0 => most,
                _ => self.rng.usize(..=most.min(usual)),
            },
        }
    }
}

fn in_oneof(field: &FieldDescriptor) -> bool {
    field.containing_oneof().is_some_and(|oneof| !oneof.is_synthetic())
}
