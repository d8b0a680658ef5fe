//! For the targets about `livekit-micro-peer`: cryptography that costs nothing, and a DTLS server on it.

pub mod chunks;
pub mod fake;
#[path = "../peer/src/packet.rs"]
pub mod packet;
pub mod remote;
pub mod server;
#[path = "../peer/src/servers/hostile/wire.rs"]
pub mod wire;
