//! DTLS servers that `livekit-micro-peer` has to do with: one of these tests' own, and other people's.

pub mod certificate;
pub mod device;
pub mod dimpl;
pub mod far;
pub mod hostile;
pub mod network;
pub mod process;
