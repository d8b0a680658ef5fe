//! Publishes a reading every second into a LiveKit room, by the server's HTTP API.
//!
//! The board's provisioning has the server, the room and the token: see `app::Provisioning`.
#![no_std]
#![no_main]

use app::{Provisioning, Tcp};
use embassy_executor::Spawner;
#[cfg(feature = "lm3s6965evb")]
use lm3s6965evb as board;
#[cfg(feature = "mps2-an385")]
use mps2_an385 as board;

#[embassy_executor::main(executor = "board::Executor", entry = "board::entry")]
async fn main(spawner: Spawner) {
    let device = match Provisioning::read(board::provisioning()) {
        Ok(device) => device,
        Err(error) => {
            defmt::error!("provisioning: {}", error);
            board::exit(false)
        }
    };
    let mut tcp = Tcp::new(board::start(spawner), device.server);
    app::publish(&device, board::entropy, &mut tcp).await;
    defmt::info!("stack used: {=usize} bytes", board::stack_used());
    board::exit(true)
}
