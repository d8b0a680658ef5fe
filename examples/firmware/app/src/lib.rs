//! The part of the firmware that does not depend on a board.
//!
//! 1. A board returns its [provisioning](Provisioning), random numbers and a network.
//! 2. [`publish`] takes a reading every interval, queues what cannot be sent yet and delivers in order.
//!    [`commands`] waits for commands of a participant, [`participants`] lists who is in the room.
//! 3. [`Connector`] opens connections: plain ones here ([`Tcp`]), TLS in `publisher-tls`. A [`Bridge`] carries the
//!    frames of a room's data channels over one.
//! 4. With the feature `token-server` a [`TokenServer`] mints the tokens of a device that proves a key.
#![no_std]

mod bridge;
mod commands;
mod connector;
mod failure;
mod participants;
mod provisioning;
mod publish;
mod queue;
pub mod reading;
#[cfg(feature = "tls")]
mod security;
#[cfg(feature = "token-server")]
mod token_server;

pub use bridge::Bridge;
pub use commands::commands;
pub use connector::{Connector, Tcp};
pub use failure::{Failure, TlsFailure};
pub use participants::participants;
pub use provisioning::{Mode, Provisioning, ProvisioningError, unhex};
pub use publish::publish;
#[cfg(feature = "tls")]
pub use security::{ROOT_BYTES, Security, SecurityKeys, host};
#[cfg(feature = "token-server")]
pub use token_server::{TokenFailure, TokenKeys, TokenServer};

/// Fills a slice with random bytes: the board's source of them.
pub type Entropy = fn(&mut [u8]);

/// A random number.
pub fn random(entropy: Entropy) -> u32 {
    let mut bytes = [0; 4];
    entropy(&mut bytes);
    u32::from_le_bytes(bytes)
}
