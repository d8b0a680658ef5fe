//! A LiveKit participant over [`embassy_net`]: a [`Runner`] that owns the sockets, and a [`Room`] that tasks use.
//!
//! ```ignore
//! static RESOURCES: ConstStaticCell<Resources<'static, Crypto, Session>> = ConstStaticCell::new(Resources::new());
//! static SOCKETS: ConstStaticCell<Sockets> = ConstStaticCell::new(Sockets::new());
//!
//! let (shared, identity) = RESOURCES.take().start(crypto, Session::new()).expect("P-256 signs");
//! let room = Room::new(shared);
//! room.join(JoinConfig::new(url, identity), token)?;
//! let mut runner = Runner::new(stack, server, SOCKETS.take());
//! join(runner.run(shared, &mut handler), async {
//!     loop {
//!         let data = Data { payload: read_sensor().await, topic: "readings", to: &[] };
//!         room.publish_data(&data).await?; // waits until there is space
//!     }
//! })
//! .await;
//! ```
//!
//! # Events
//!
//! Events point into received packets, so they are not handed to another task: the runner calls a [`Handler`] with
//! each, and then gives it the participant, to answer. A handler does not wait. What takes time it notes, for a task
//! that does; that task can wait for space to send, because the runner goes on meanwhile.
//!
//! # Dropping
//!
//! Each method of [`Room`] may be dropped while it waits: then nothing is sent. What has returned is on its way. Those that
//! wait for a connection wait for the next [`Room::join`] after the participant has left: run them beside
//! [`Runner::run`], as above but with `select`, if the firmware does not join again.
#![no_std]
#![forbid(unsafe_code)]

mod answers;
mod changed;
#[cfg(feature = "tls")]
mod clock;
#[cfg(feature = "tls")]
mod host;
mod resources;
mod room;
mod runner;
mod shared;
mod signal;
#[cfg(feature = "tls")]
pub mod tls;

pub use answers::{Answers, CallError};
#[cfg(feature = "tls")]
pub use clock::Clock;
#[cfg(feature = "tls")]
pub use host::Host;
pub use livekit_micro;
pub use resources::Resources;
pub use room::Room;
pub use runner::{Datagrams, Runner, Sockets};
pub use shared::{Handler, Shared};
pub use signal::{Progress, SignalConnection, Tcp};

/// Milliseconds since the start.
fn now_ms() -> u64 {
    embassy_time::Instant::now().as_millis()
}
