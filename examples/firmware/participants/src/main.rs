//! Lists the participants of a LiveKit room, however long the list is.
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
    match app::participants(&device, &mut tcp).await {
        Ok(count) => defmt::info!("{=u32} participants", count),
        Err(failure) => {
            defmt::error!("not listed: {}", failure);
            board::exit(false)
        }
    }
    defmt::info!("stack used: {=usize} bytes", board::stack_used());
    board::exit(true)
}
