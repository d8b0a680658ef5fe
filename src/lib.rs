#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("lib.md")]

pub mod borrowed;
pub mod codec;
#[cfg(feature = "embedded-io")]
pub mod delimited;
pub mod keys;
pub mod limits;
pub mod logs;
#[cfg(feature = "micropb")]
pub mod micropb;
pub mod owned;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "token")]
pub mod token;

pub use codec::{
    Bound, Decode, DecodeError, Encode, EncodeError, Entries, Item, Malformed, Map, Messages,
    Nested, OverCapacity, Reader, Repeated, decode_into, encoded_len, from_bytes, store, to_slice,
    validate,
};
pub use heapless::{CapacityError, LinearMap, String, Vec};

/// The release of LiveKit's schema that the messages are made from, as PyPI's `livekit-protocol`
/// counts: `1.1.29`.
pub const SCHEMA_VERSION: &str = include_str!("../protocol/VERSION").trim_ascii();

include!(concat!(env!("OUT_DIR"), "/registry.rs"));

/// What a firmware pays, for choosing features and knobs.
#[cfg(doc)]
#[doc = include_str!("../COST.md")]
pub mod cost {}

/// Compiles the README's example.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
