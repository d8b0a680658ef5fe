//! Building and reading `google.protobuf.Struct`, which is more than its codec.

use core::hint::black_box;

use livekit_micro::owned::google::protobuf::{Json, ListValue, Struct, Value};

/// Puts everything that `bytes` say into an object, reads it back, and returns how many values
/// there were.
pub fn exercise(bytes: &[u8]) -> usize {
    let mut object = Struct::new();
    let mut list = ListValue::new();
    let mut value = Value::new();
    for part in bytes.chunks(7) {
        let text = core::str::from_utf8(part).unwrap_or("");
        let pushed = list.push(Json::String(text)).and_then(|()| list.push(Json::Bool(true)));
        let set = value.set(Json::List(list.items()));
        let inserted = object.insert(text, value.get().unwrap_or(Json::Null));
        let _ = black_box((pushed, set, inserted));
    }
    let (object, list, value) = black_box((&object, &list, &value));
    let _ = black_box((object == &object.clone(), list == &list.clone(), value == &value.clone()));
    let _ = black_box(object.get("a"));
    count(Json::Struct(object.entries()))
}

fn count(value: Json<'_>) -> usize {
    match value {
        Json::Struct(entries) => {
            entries.iter().map(|(_, value)| count(value)).fold(0, usize::wrapping_add)
        }
        Json::List(items) => items.iter().map(count).fold(0, usize::wrapping_add),
        _ => 1,
    }
}
