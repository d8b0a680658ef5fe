//! Says who is in a LiveKit room, however many they are and whatever they carry.
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
        Err(mistake) => {
            defmt::error!("provisioning: {}", mistake);
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
    defmt::info!("{=usize} bytes of stack were used", board::stack_used());
    board::exit(true)
}
