//! What the documentation says of a field's capacity: how large it is, and what sets it.

use crate::config::capacity::Capacity;
use crate::config::datasheet::{Limit, Size};
use crate::config::knobs::{LIMITS_FILE, PREFIX};
use crate::config::plan::Plan;
use crate::schema::{Field, Message};

/// Returns one line: `Capacity: 1024 bytes (`LIVEKIT_MICRO_PAYLOAD_BYTES`).` Empty for a field without
/// a capacity.
pub fn of_field(plan: &Plan, message: &Message, field: &Field) -> String {
    let name = message.full_name(field);
    let parts: Vec<String> = parts(plan, &name)
        .map(|Part { value, unit, source }| format!("{value} {unit} ({})", source.text()))
        .collect();
    match parts.as_slice() {
        [] => String::new(),
        parts => format!("Capacity: {}.", parts.join(", ")),
    }
}

/// Returns the variables that set the capacities of the field called `name`.
pub fn knobs(plan: &Plan, name: &str) -> Vec<String> {
    let mut knobs: Vec<String> = Vec::new();
    for part in parts(plan, name) {
        let knob = match part.source {
            Source::Toml => LIMITS_FILE.to_owned(),
            Source::Knob { name, .. } => format!("{PREFIX}{name}"),
            Source::Fixed { .. } => continue,
        };
        if !knobs.contains(&knob) {
            knobs.push(knob);
        }
    }
    knobs
}

/// A part of a capacity.
struct Part {
    value: u32,
    unit: &'static str,
    source: Source,
}

/// What sets a part.
enum Source {
    Toml,
    Knob { name: &'static str, plus: u32 },
    Fixed { name: &'static str, plus: u32 },
}

impl Source {
    fn text(&self) -> String {
        match self {
            Source::Toml => format!("`{LIMITS_FILE}`"),
            Source::Knob { name, plus: 0 } => format!("`{PREFIX}{name}`"),
            Source::Knob { name, plus } => format!("`{PREFIX}{name}` + {plus}"),
            Source::Fixed { name, plus: 0 } => format!("[`{name}`](crate::limits::{name})"),
            Source::Fixed { name, plus } => format!("[`{name}`](crate::limits::{name}) + {plus}"),
        }
    }
}

/// Returns the parts of a field's capacity: items first, then bytes.
fn parts(plan: &Plan, name: &str) -> impl Iterator<Item = Part> {
    let capacity = plan.capacities.get(name).copied().unwrap_or_default();
    let Capacity { bytes, items, key_bytes, value_bytes } = capacity;
    let [of_bytes, of_items, of_key, of_value] =
        plan.limits.get(name).map_or([None; 4], |limit| limit.sizes());
    let is_map = plan.limits.get(name).is_some_and(|limit| matches!(limit, Limit::Map { .. }));
    [
        (items, of_items, if is_map { "entries" } else { "items" }),
        (bytes, of_bytes, if items.is_some() { "bytes each" } else { "bytes" }),
        (key_bytes, of_key, "bytes a key"),
        (value_bytes, of_value, "bytes a value"),
    ]
    .into_iter()
    .filter_map(|(value, size, unit)| {
        let (value, size) = (value?, size?);
        Some(Part { value, unit, source: source(plan, value, size) })
    })
}

/// Returns what sets `value`: the size of its row, unless the TOML file has changed it.
fn source(plan: &Plan, value: u32, size: Size) -> Source {
    let Size { name, plus } = size;
    if size.value(&plan.sizes) != Some(value) {
        Source::Toml
    } else if plan.datasheet.knobs.iter().any(|knob| knob.name == name) {
        Source::Knob { name, plus }
    } else {
        Source::Fixed { name, plus }
    }
}
