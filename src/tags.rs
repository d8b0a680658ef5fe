//! The tag of every field, for the pull reader ([`Reader`](crate::Reader)): `number << 3 | wire type`.
//!
//! One module a message, one constant a field: `tags::user_packet::TOPIC`.

include!(concat!(env!("OUT_DIR"), "/tags.rs"));
