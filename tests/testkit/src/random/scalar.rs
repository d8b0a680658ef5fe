//! Numbers at the edges of their types, and texts that fill their bytes exactly.

use prost_reflect::{Kind, Value};

use super::{Maker, Numbers};

/// Letters of 1, 2, 3 and 4 bytes, the first and the last of each length among them.
const LETTERS: [char; 12] = [
    '\0',
    'a',
    '"',
    '\u{7f}',
    '\u{80}',
    'é',
    '\u{7ff}',
    '\u{800}',
    '€',
    '\u{ffff}',
    '\u{10000}',
    '\u{10ffff}',
];

impl Maker {
    pub(super) fn number(&mut self, kind: &Kind) -> Value {
        match kind {
            Kind::Bool => Value::Bool(self.bool()),
            Kind::Enum(schema) => {
                let known: Vec<i32> = schema.values().map(|value| value.number()).collect();
                Value::EnumNumber(match self.recipe.numbers {
                    Numbers::Any if self.rng.bool() => known[self.rng.usize(..known.len())],
                    _ => self.integer(i32::MIN.into(), i32::MAX.into()) as i32,
                })
            }
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
                Value::I32(self.integer(i32::MIN.into(), i32::MAX.into()) as i32)
            }
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
                Value::I64(self.integer(i64::MIN.into(), i64::MAX.into()) as i64)
            }
            Kind::Uint32 | Kind::Fixed32 => Value::U32(self.integer(0, u32::MAX.into()) as u32),
            Kind::Uint64 | Kind::Fixed64 => Value::U64(self.integer(0, u64::MAX.into()) as u64),
            Kind::Float => Value::F32(self.float() as f32),
            Kind::Double => Value::F64(self.float()),
            Kind::String | Kind::Bytes | Kind::Message(_) => unreachable!("not a number"),
        }
    }

    fn bool(&mut self) -> bool {
        match self.recipe.numbers {
            Numbers::Zero => false,
            Numbers::Any => self.rng.bool(),
            Numbers::Highest | Numbers::Lowest | Numbers::MinusOne => true,
        }
    }

    fn integer(&mut self, lowest: i128, highest: i128) -> i128 {
        match self.recipe.numbers {
            Numbers::Zero => 0,
            Numbers::Highest => highest,
            Numbers::Lowest => lowest,
            Numbers::MinusOne => (-1).max(lowest),
            Numbers::Any => {
                // Around the powers of 2, where varints grow and types end.
                let edge = (1 << self.rng.u32(..=64)) + self.rng.i128(-1..=1);
                let edge = if self.rng.bool() { edge } else { -edge };
                edge.clamp(lowest, highest)
            }
        }
    }

    fn float(&mut self) -> f64 {
        match self.recipe.numbers {
            Numbers::Zero => 0.0,
            Numbers::Highest => f64::INFINITY,
            Numbers::Lowest => f64::NEG_INFINITY,
            Numbers::MinusOne => f64::NAN,
            Numbers::Any => match self.rng.u8(..8) {
                0 => -0.0,
                1 => -f64::NAN,
                2 => f64::from(f32::MIN_POSITIVE) / 2.0, // not normal as a float
                3 => f64::MIN_POSITIVE / 2.0,            // not normal, and 0 as a float
                4 => f64::MAX,                           // infinite as a float
                5 => f64::from(f32::MAX),
                _ => self.rng.f64() * 1e6 - 5e5,
            },
        }
    }

    /// A text, of letters of every length, of exactly as many bytes as its recipe wants.
    pub(super) fn text(&mut self, most: usize) -> String {
        let len = self.size(most, 24);
        let mut text = String::with_capacity(len);
        while text.len() < len {
            let letter = LETTERS[self.rng.usize(..LETTERS.len())];
            text.push(if letter.len_utf8() <= len - text.len() { letter } else { 'z' });
        }
        text
    }

    pub(super) fn bytes(&mut self, most: usize) -> Vec<u8> {
        let mut bytes = vec![0; self.size(most, 24)];
        self.rng.fill(&mut bytes);
        bytes
    }
}
