//! Messages that refer to what they hold: an encoded message that was received, or the caller's data.
//!
//! The same names, paths and enums as in [`owned`](crate::owned): [`DataPacket`] with the oneof
//! [`data_packet::Value`], [`data_stream::Chunk`], the package `livekit.agent` in `agent`. Strings are
//! `&str`, bytes are `&[u8]`, and nothing has a capacity.
//!
//! *Decode checks the message; read checks the submessage.* A submessage is a
//! [`Submessage`](crate::Submessage), one of a list an [`Item`](crate::Item): received ones stay in
//! the encoded message until `read()` or `read_into(&mut message)` is called, so that only the
//! decoders of what is read are linked. [`validate`](crate::validate) reads all of them, to return
//! the first error; a relay of encoded messages that it does not trust has to call it.
//!
//! | field | type | to build it | to read it |
//! |---|---|---|---|
//! | number, bool, enum | `u32`, `bool`, `Kind` | `5`, `true`, `Kind::Reliable` | as it is |
//! | string, bytes | `&str`, `&[u8]` | `"readings"`, `b"21.5"` | as it is |
//! | `optional` | `Option<&str>` | `Some("readings")` | as it is |
//! | message | `Option<Submessage<UserPacket>>` | `Some((&user).into())` | `user.read()?.payload` |
//! | list | [`Repeated<&str>`](crate::Repeated) | `(&["robot-1", "robot-2"]).into()` | `for to in &list` |
//! | list of messages | [`RepeatedMessages<Segment>`](crate::RepeatedMessages) | `(&[segment]).into()` | `for item in &list { item.read()?.text }` |
//! | map | [`MapView<&str, &str>`](crate::MapView) | `(&[("unit", "celsius")]).into()` | `map.get("unit")` |
//! | oneof | `Option<data_packet::Value>` | `Some(Value::User((&user).into()))` | `match` |
//!
//! ```
//! use livekit_micro::borrowed::{DataPacket, data_packet::Value};
//! use livekit_micro::from_bytes;
//!
//! # fn receive(encoded: &[u8]) -> Result<(), livekit_micro::DecodeError> {
//! let packet: DataPacket = from_bytes(encoded)?;
//! match packet.value {
//!     Some(Value::User(user)) => println!("{} bytes", user.read()?.payload.len()),
//!     Some(Value::Transcription(transcription)) => {
//!         for segment in &transcription.read()?.segments {
//!             println!("{}", segment.read()?.text);
//!         }
//!     }
//!     _ => {}
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Every message has a constant empty value, `new()`, so that one to be sent can be in a `static`.
//! Encoding writes fields in prost's order. A received submessage, list or map is encoded as it was
//! received, unknown fields included.

/// The one module with generated code.
mod generated {
    #![allow(unused_imports, unused_variables, clippy::all)]

    include!(concat!(env!("OUT_DIR"), "/borrowed.rs"));
}

#[allow(unused_imports, reason = "a build without messages has nothing there")]
pub use generated::*;

// The messages of features that are off, so that rustc names the feature.
include!(concat!(env!("OUT_DIR"), "/gated.rs"));
