//! livekit-micro with Google's test messages in place of LiveKit's.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc; // the messages that hold themselves are in boxes

/// The sources of livekit-micro, as they are.
#[path = "../../../src"]
mod sources {
    pub mod borrowed;
    pub mod codec;
    pub mod limits;
    pub mod logs;
    pub mod owned;
    pub mod tags;
}

pub use sources::{borrowed, codec, limits, logs, owned, tags};
// What the documentation of the sources refers to.
pub use codec::*;

include!(concat!(env!("OUT_DIR"), "/registry.rs"));
