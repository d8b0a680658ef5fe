//! Executes commands of a participant of a LiveKit room, without joining it: over the server's HTTP API.
//!
//! The provisioning has the key `to`, the participant's identity, and may have `hold_ms`, for how long that
//! may hold a call: see `app::commands`. `send_commands.py` beside this crate is such a participant.
#![no_std]
#![no_main]

use app::{Provisioning, ProvisioningError, Tcp};
use embassy_executor::Spawner;
use embassy_time::Duration;
#[cfg(feature = "lm3s6965evb")]
use lm3s6965evb as board;
#[cfg(feature = "mps2-an385")]
use mps2_an385 as board;

/// Servers before 1.13.11 repeat a call that is held for 3 s or more.
const HOLD_MS: u32 = 2_000;

#[embassy_executor::main(executor = "board::Executor", entry = "board::entry")]
async fn main(spawner: Spawner) {
    let (device, hold) = match read(board::provisioning()) {
        Ok(read) => read,
        Err(error) => {
            defmt::error!("provisioning: {}", error);
            board::exit(false)
        }
    };
    let mut tcp = Tcp::new(board::start(spawner), device.server);
    app::commands(&device, hold, board::entropy, &mut tcp, |number, command| {
        // Here a device would act. What it does takes time from the next call.
        defmt::info!("command {=u32}: {=str}", number, command);
    })
    .await;
    defmt::info!("stack used: {=usize} bytes", board::stack_used());
    board::exit(true)
}

/// Parses the page, with the key `hold_ms`.
fn read(page: &[u8]) -> Result<(Provisioning<'_>, Duration), ProvisioningError<'_>> {
    let mut hold_ms = Ok(HOLD_MS);
    let device = Provisioning::read_with(page, |key, value| {
        if key == "hold_ms" {
            hold_ms = value.parse();
        }
        key == "hold_ms"
    })?;
    let hold_ms = hold_ms.map_err(|_| ProvisioningError::InvalidValue("hold_ms"))?;
    match device.to {
        "" => Err(ProvisioningError::Missing("to")),
        _ => Ok((device, Duration::from_millis(hold_ms.into()))),
    }
}
