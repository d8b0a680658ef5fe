//! Messages that own what they hold, in containers of fixed capacity.
//!
//! For keeping a message and changing it. To send one, or to read a received one,
//! [`borrowed`](crate::borrowed) messages copy nothing and have no capacity.
//!
//! Paths and names are those of the official prost crate: [`DataPacket`] with the oneof
//! [`data_packet::Value`], [`data_stream::Chunk`], the package `livekit.agent` in `agent`. Fields
//! named like a Rust keyword end in an underscore (`type_`). The capacities are constants in
//! [`limits`](crate::limits).
//!
//! | field | type | to build it |
//! |---|---|---|
//! | number, bool, enum | `u32`, `bool`, `Kind` | `5`, `true`, `Kind::Reliable` |
//! | string | [`String<N>`](crate::String) | `"readings".try_into()?` |
//! | bytes | [`Vec<u8, N>`](crate::Vec) | `b"21.5".as_slice().try_into()?` |
//! | `optional` | `Option<String<N>>` | `Some("readings".try_into()?)` |
//! | message | `Option<UserPacket>` | `Some(user)` |
//! | list | `Vec<String<N>, M>` | `packet.destination_identities.push("robot-1".try_into()?)` |
//! | map | [`Map<String<K>, String<V>, N>`](crate::Map) | `trailer.attributes.insert("unit".try_into()?, "celsius".try_into()?)` |
//! | oneof | `Option<data_packet::Value>` | `Some(Value::User(user))` |
//!
//! `push` and `insert` return what does not fit as `Err`; `try_into` returns
//! [`CapacityError`](crate::CapacityError).
//!
//! ```
//! use livekit_micro::owned::{DataPacket, UserPacket, data_packet::Value};
//!
//! let user = UserPacket {
//!     payload: b"21.5".as_slice().try_into()?,
//!     topic: Some("readings".try_into()?),
//!     ..UserPacket::new()
//! };
//! let mut packet = DataPacket { value: Some(Value::User(user)), ..DataPacket::new() };
//! packet.destination_identities.push("robot-1".try_into()?).expect("the list has the capacity");
//! # Ok::<(), livekit_micro::CapacityError>(())
//! ```
//!
//! Every message has a constant empty value, `new()`. In a `static` or a `const` write
//! `..UserPacket::new()`, because `..Default::default()` is not a constant expression.
//!
//! A large message belongs in a `static` and is decoded by [`decode_into`](crate::decode_into):
//! [`from_bytes`](crate::from_bytes) returns it by value and takes more than its size of stack. A
//! `static` message that holds a oneof takes its size in flash as well, because its empty value is
//! not all zeroes.

// build.rs says whether a message of the chosen features refers to it.
#[cfg(livekit_micro_json)]
pub(crate) mod json;

/// The one module with generated code.
mod generated {
    // Values of open enums are named as in the official crate: `Kind::Reliable`.
    #![allow(non_upper_case_globals, unused_imports, clippy::all)]
    include!(concat!(env!("OUT_DIR"), "/owned.rs"));
}

#[allow(unused_imports, reason = "a build without messages has nothing there")]
pub use generated::*;

// The messages of features that are off, so that rustc names the feature.
include!(concat!(env!("OUT_DIR"), "/gated.rs"));

/// What the generated messages implement.
mod companions {
    #![allow(unused_imports, unused_variables, clippy::all)]
    use crate::codec::rt as codec;

    include!(concat!(env!("OUT_DIR"), "/owned_codec.rs"));
}
