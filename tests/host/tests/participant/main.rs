//! A participant and a server, as far as signalling goes: the peer connection is another suite's matter.

#![cfg(feature = "signal")]

mod attempts;
mod device;
mod ends;
mod joining;
mod server;
mod times;
