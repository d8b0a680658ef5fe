//! The tag of every field, for the pull reader ([`Reader`](crate::Reader)): `number << 3 | wire type`.
//!
//! One module per message, one constant per field: `tags::user_packet::TOPIC`.

include!(concat!(env!("OUT_DIR"), "/tags.rs"));
