//! Messages that refer to what they hold: a frame that was received, or what the caller has.
//!
//! The same names, paths and enums as in [`owned`](crate::owned): [`DataPacket`] with the oneof
//! [`data_packet::Value`], [`data_stream::Chunk`], the package `livekit.agent` in `agent`. Texts are
//! `&str`, `bytes` are `&[u8]`, and nothing has a capacity.
//!
//! *Decode checks the message; read checks the submessage.* A submessage is a
//! [`Submessage`](crate::Submessage), one of a list an [`Item`](crate::Item): received ones stay where they
//! are in the frame until `read()` or `read_into(&mut message)` is called, so that only the decoders of what
//! is read are linked. [`validate`](crate::validate) reads everything for whoever wants all errors
//! at once.
//!
//! | field | type | to build it |
//! |---|---|---|
//! | number, bool, enum | `u32`, `bool`, `Kind` | `5`, `true`, `Kind::Reliable` |
//! | text, bytes | `&str`, `&[u8]` | `"readings"`, `b"21.5"` |
//! | `optional` | `Option<&str>` | `Some("readings")` |
//! | message | `Option<Submessage<UserPacket>>` | `Some((&user).into())` |
//! | list | [`Repeated<&str>`](crate::Repeated) | `(&["robot-1", "robot-2"]).into()` |
//! | list of messages | [`RepeatedMessages<Segment>`](crate::RepeatedMessages) | `(&[segment]).into()` |
//! | map | [`MapView<&str, &str>`](crate::MapView) | `(&[("unit", "celsius")]).into()` |
//! | oneof | `Option<data_packet::Value>` | `Some(Value::User((&user).into()))` |
//!
//! ```
//! use livekit_micro::borrowed::{DataPacket, data_packet::Value};
//! use livekit_micro::from_bytes;
//!
//! # fn receive(frame: &[u8]) -> Result<(), livekit_micro::DecodeError> {
//! let packet: DataPacket = from_bytes(frame)?;
//! match packet.value {
//!     Some(Value::User(user)) => println!("{} bytes", user.read()?.payload.len()),
//!     Some(Value::Transcription(said)) => {
//!         for segment in &said.read()?.segments {
//!             println!("{}", segment.read()?.text);
//!         }
//!     }
//!     _ => {}
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Every message has a constant empty value, `new()`, so one to be sent can stand in a `static`.
//! Encoding writes fields in prost's order. A received submessage, list or map is written as it
//! came, fields included that this schema does not know.

/// The one door to generated code.
mod generated {
    #![allow(unused_imports, unused_variables, clippy::all)]

    include!(concat!(env!("OUT_DIR"), "/borrowed.rs"));
}

#[allow(unused_imports, reason = "a build without messages has nothing there")]
pub use generated::*;
