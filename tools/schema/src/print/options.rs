//! Options, custom ones too.

use prost_reflect::{DynamicMessage, Kind, Value};

/// ` [deprecated = true]` behind a field or a value, nothing if no option is set.
pub fn option_suffix(options: &DynamicMessage) -> String {
    match option_list(options) {
        list if list.is_empty() => String::new(),
        list => format!(" [{}]", list.join(", ")),
    }
}

/// Every option that is set as `name = value`, extensions in parentheses.
pub fn option_list(options: &DynamicMessage) -> Vec<String> {
    let own = options
        .fields()
        .filter(|(f, _)| !f.is_map())
        .map(|(field, value)| format!("{} = {}", field.name(), option_value(&field.kind(), value)));
    let custom = options.extensions().map(|(field, value)| {
        format!("({}) = {}", field.full_name(), option_value(&field.kind(), value))
    });
    own.chain(custom).collect()
}

fn option_value(kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        (_, Value::Bool(v)) => v.to_string(),
        (_, Value::String(v)) => format!("{v:?}"),
        (Kind::Enum(e), Value::EnumNumber(n)) => {
            e.get_value(*n).expect("options use known enum values").name().to_owned()
        }
        (_, Value::I32(v)) => v.to_string(),
        (_, Value::U32(v)) => v.to_string(),
        _ => panic!("no option of this kind was met so far: {value:?}"),
    }
}
