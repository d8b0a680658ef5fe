//! A sensor that publishes its readings into a LiveKit room: all of the firmware that knows no board.
//!
//! 1. A board says how it is [provisioned](Provisioning) and gives random numbers and a network.
//! 2. [`publish`] takes a reading every interval, keeps what cannot be sent yet and delivers in order.
//! 3. [`Connector`] opens connections: plain ones here ([`Tcp`]), TLS in `publisher-tls`.
#![no_std]

mod call;
mod connector;
mod participants;
mod provisioning;
mod publish;
mod queue;
mod reading;

pub use call::{Failure, TlsFailure, exchange};
pub use connector::{Connector, Tcp};
pub use participants::participants;
pub use provisioning::{Mistake, Mode, Provisioning};
pub use publish::publish;

/// Fills a slice with random bytes: the board's source of them.
pub type Entropy = fn(&mut [u8]);
