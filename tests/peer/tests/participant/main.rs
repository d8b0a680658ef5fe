//! A whole participant and a whole server in memory: signalling in prost's messages, and a peer connection of str0m's
//! ICE, dimpl's DTLS and sctp-proto's SCTP. The clock and the network are simulated; a seed says what they do.

mod device;
mod server;
mod transport;
mod world;

mod data;
mod ends;
mod leaves;
mod networks;
mod resumes;
