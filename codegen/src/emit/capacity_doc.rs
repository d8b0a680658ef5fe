//! What the documentation says of a field's capacity: how large it is, and what sets it.

use crate::config::capacity::Capacity;
use crate::config::datasheet::Size;
use crate::config::plan::Plan;
use crate::schema::{Field, Message};

/// Returns one line: `Capacity: 1024 bytes (`LIVEKIT_MICRO_PAYLOAD_BYTES`).` Empty for a field without
/// a capacity.
pub fn of_field(plan: &Plan, message: &Message, field: &Field) -> String {
    let name = message.full_name(field);
    let (Some(limit), Some(capacity)) = (plan.limits.get(&name), plan.capacities.get(&name)) else {
        return String::new();
    };
    let Capacity { bytes, items, key_bytes, value_bytes } = *capacity;
    let [of_bytes, of_items, of_key, of_value] = limit.sizes();
    let unit = if key_bytes.is_some() || value_bytes.is_some() { "entries" } else { "items" };
    let each = if items.is_some() { "bytes each" } else { "bytes" };
    let parts = [
        (items, of_items, unit),
        (bytes, of_bytes, each),
        (key_bytes, of_key, "bytes a key"),
        (value_bytes, of_value, "bytes a value"),
    ];
    let parts = parts.into_iter().filter_map(|(value, size, unit)| {
        let (value, size) = (value?, size?);
        Some(format!("{value} {unit} ({})", source(plan, value, size)))
    });
    format!("Capacity: {}.", parts.collect::<Vec<_>>().join(", "))
}

/// Returns what sets `value`, which the datasheet takes from `size`.
fn source(plan: &Plan, value: u32, size: Size) -> String {
    let Size { name, plus } = size;
    let is_knob = plan.datasheet.knobs.iter().any(|knob| knob.name == name);
    match (size.value(&plan.sizes) == Some(value), is_knob, plus) {
        (false, ..) => "set by `LIVEKIT_MICRO_LIMITS`".to_owned(),
        (true, true, 0) => format!("`LIVEKIT_MICRO_{name}`"),
        (true, true, plus) => format!("`LIVEKIT_MICRO_{name}` + {plus}"),
        (true, false, 0) => format!("[`{name}`](crate::limits::{name})"),
        (true, false, plus) => format!("[`{name}`](crate::limits::{name}) + {plus}"),
    }
}
