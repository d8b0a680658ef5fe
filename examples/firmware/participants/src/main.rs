//! Says who is in a LiveKit room, however many they are and whatever they carry.
#![no_std]
#![no_main]

use app::{Connector, Failure, Provisioning, Tcp};
use embassy_executor::Spawner;
use embassy_net::Stack;
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
    match list(&device, board::start(spawner)).await {
        Ok(count) => defmt::info!("{=u32} participants", count),
        Err(failure) => {
            defmt::error!("not listed: {}", failure);
            board::exit(false)
        }
    }
    defmt::info!("{=usize} bytes of stack were used", board::stack_used());
    board::exit(true)
}

async fn list(device: &Provisioning<'_>, stack: Stack<'static>) -> Result<u32, Failure> {
    let mut tcp = Tcp::new(stack, device.server);
    app::participants(device, &mut tcp.connect().await?).await
}
