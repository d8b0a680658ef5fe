//! The key of every field, for the pull reader ([`Reader`](crate::Reader)): its number and wire type.
//!
//! One module a message, one constant a field: `keys::user_packet::TOPIC`.

include!(concat!(env!("OUT_DIR"), "/keys.rs"));
