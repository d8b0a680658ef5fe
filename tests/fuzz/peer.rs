//! For the targets about `livekit-micro-peer`: cryptography that costs nothing, and a DTLS server on it.

pub mod fake;
pub mod packet;
pub mod server;
#[path = "../peer/src/servers/hostile/wire.rs"]
pub mod wire;
