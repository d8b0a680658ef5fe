//! What the tests have in common: both sides of every message.

pub mod difference;
pub mod documented;
pub mod fits;
pub mod log;
pub mod micropb;
pub mod normal;
pub mod peer;
pub mod random;
pub mod reading;
pub mod rebuild;
pub mod twin;
pub mod verdict;
pub mod ways;

/// What prost-build makes of the schema, at the paths of ours.
pub mod prost_schema {
    #[allow(clippy::all)]
    mod generated {
        include!(concat!(env!("OUT_DIR"), "/prost/mod.rs"));
    }

    pub use generated::{google, livekit::*, logger};
}
