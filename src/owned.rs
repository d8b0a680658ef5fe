//! Messages that own what they hold, in containers of fixed capacity.
//!
//! For keeping a message and changing it. To send one, or to look at a received one, those of
//! [`borrowed`](crate::borrowed) copy nothing and take no capacity.
//!
//! Paths and names are those of the official prost crate: [`DataPacket`] with the oneof
//! [`data_packet::Value`], [`data_stream::Chunk`], the package `livekit.agent` in `agent`. Fields
//! called like a Rust keyword have an underscore behind them (`type_`). Every message has a
//! constant empty value, `new()`, so it can stand in a `static`; its capacities are in
//! [`limits`](crate::limits).
//!
//! A large message belongs into a `static` and is read by [`decode_into`](crate::decode_into):
//! [`from_bytes`](crate::from_bytes) returns it by value and takes more than its size of
//! stack. A `static` message that holds a oneof takes its size in flash as well, because its empty
//! value is not all zeroes.

// build.rs says whether a message of the chosen features refers to it.
#[cfg(livekit_micro_json)]
pub(crate) mod json;

/// The one door to generated code.
mod generated {
    // Values of open enums are called as in the official crate: `Kind::Reliable`.
    #![allow(non_upper_case_globals, unused_imports, clippy::all)]
    include!(concat!(env!("OUT_DIR"), "/owned.rs"));
}

pub use generated::*;

/// What the generated messages implement.
mod companions {
    #![allow(unused_imports, unused_variables, clippy::all)]
    use crate::codec::rt as codec;

    include!(concat!(env!("OUT_DIR"), "/owned_codec.rs"));
}
