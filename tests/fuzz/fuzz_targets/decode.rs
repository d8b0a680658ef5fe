//! Any bytes into a message of each family: decoding, encoding and both kinds of logging do not
//! panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use livekit_micro::from_bytes;
use livekit_micro::owned::google::protobuf::{Json, ListValue, Struct, Value};
use support::pick;

fuzz_target!(|input: &[u8]| {
    let Some((both, frame)) = pick(input) else { return };
    for (_, peer) in both {
        drop((peer.again)(frame));
        drop((peer.logged)(frame));
    }
    // These are checked when they are decoded, and then read where they lie.
    if let Ok(object) = from_bytes::<Struct>(frame) {
        walk(Json::Struct(object.entries()));
    }
    if let Ok(list) = from_bytes::<ListValue>(frame) {
        walk(Json::List(list.items()));
    }
    if let Ok(value) = from_bytes::<Value>(frame) {
        value.get().map(walk);
    }
});

/// How many values there are in a value.
fn walk(json: Json<'_>) -> usize {
    match json {
        Json::Struct(entries) => entries.iter().map(|(_, value)| walk(value)).sum::<usize>() + 1,
        Json::List(items) => items.iter().map(walk).sum::<usize>() + 1,
        Json::Null | Json::Number(_) | Json::String(_) | Json::Bool(_) => 1,
    }
}
