//! What tests, fuzz targets and benchmarks share: both sides of every message, and the recorded ones.

// `for_each_shape!(m)` calls `m!` with what each borrowed type is made of.
#[cfg(feature = "ways")]
include!(concat!(env!("OUT_DIR"), "/shapes.rs"));

pub mod corpus;
pub mod difference;
pub mod documented;
pub mod fits;
pub mod log;
#[cfg(feature = "ways")]
pub mod micropb;
#[cfg(feature = "full")]
pub mod names;
#[cfg(feature = "ways")]
pub mod normal;
pub mod pair;
pub mod peer;
#[cfg(feature = "ways")]
pub mod random;
pub mod reading;
#[cfg(feature = "ways")]
pub mod rebuild;
#[cfg(feature = "signal")]
pub mod signal;
pub mod verdict;
#[cfg(feature = "ways")]
pub mod ways;

/// What prost-build makes of the schema, at the paths of ours.
#[cfg(feature = "ways")]
pub mod prost_schema {
    #[allow(clippy::all)]
    mod generated {
        include!(concat!(env!("OUT_DIR"), "/prost/mod.rs"));
    }

    #[cfg(feature = "full")]
    pub use generated::logger;
    pub use generated::{google, livekit::*};
}
