#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("lib.md")]

pub mod attributes;
#[cfg(any(feature = "signal", feature = "token"))]
mod base64;
pub mod borrowed;
pub mod codec;
#[cfg(feature = "data")]
pub mod data;
#[cfg(feature = "embedded-io")]
pub mod delimited;
#[cfg(feature = "e2ee")]
pub mod e2ee;
pub mod limits;
#[cfg(feature = "link")]
pub mod link;
pub mod logs;
#[cfg(feature = "micropb")]
pub mod micropb;
pub mod owned;
#[cfg(feature = "participant")]
pub mod participant;
mod rpc_code;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "signal")]
pub mod signal;
pub mod tags;
#[cfg(feature = "token")]
pub mod token;
pub mod topics;

#[doc(inline)]
pub use codec::{
    CapacityKind, Decode, DecodeError, Encode, EncodeError, Item, Malformed, Map, MapView,
    OverCapacity, Reader, Repeated, RepeatedMessages, Submessage, Writer, copy_from, decode_into,
    encoded_len, from_bytes, to_range, to_slice, to_slice_with, validate,
};
pub use heapless::{CapacityError, LinearMap, String, Vec};
pub use rpc_code::{MAX_RPC_PAYLOAD_BYTES, RpcCode};

/// The release of LiveKit's schema that the messages are made from, as PyPI's `livekit-protocol`
/// counts: `1.1.29`.
pub const SCHEMA_VERSION: &str = include_str!("../protocol/VERSION").trim_ascii();

include!(concat!(env!("OUT_DIR"), "/registry.rs"));

/// What a firmware pays, for choosing features and knobs.
#[cfg(doc)]
#[doc = include_str!("../docs/COST.md")]
pub mod cost {}

#[cfg(doc)]
pub mod guide;

/// Compiles the README's example.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
