//! Publishes a reading every second into a LiveKit room, by the server's HTTP API over TLS 1.3.
//!
//! As `publisher`, with further keys in the provisioning, of which each may be absent: `ca`, a root of one's own in place of the
//! public ones, as base64 of DER; `time`, a server that tells the time; `dns`, a name server. Without `server` the address is
//! that of the name `host`, which the server's certificate has to have in any case.
//!
//! The device has to know the time: no certificate is accepted without it. See README.md.
#![no_std]
#![no_main]

mod session;
mod tls;

use core::net::SocketAddrV4;

use app::{Provisioning, ProvisioningError, ROOT_BYTES, Security, SecurityKeys};
use embassy_executor::Spawner;
use embassy_futures::select::select;
use livekit_micro_embassy::{Clock, Host};
#[cfg(feature = "lm3s6965evb")]
use lm3s6965evb as board;
#[cfg(feature = "mps2-an385")]
use mps2_an385 as board;
use static_cell::ConstStaticCell;

use tls::{Buffers, Tls};

/// The server's address may be that of its name.
type Page<'a> = Provisioning<'a, Option<SocketAddrV4>>;

#[embassy_executor::main(executor = "board::Executor", entry = "board::entry")]
async fn main(spawner: Spawner) {
    // Not in this function's future, which would be built on the stack.
    static ROOT: ConstStaticCell<[u8; ROOT_BYTES]> = ConstStaticCell::new([0; ROOT_BYTES]);
    static BUFFERS: ConstStaticCell<Buffers> = ConstStaticCell::new(Buffers::new());

    let (device, server, security) = match read(board::provisioning(), ROOT.take()) {
        Ok(read) => read,
        Err(error) => {
            defmt::error!("provisioning: {}", error);
            board::exit(false)
        }
    };
    let stack = board::start(spawner);
    let clock = Clock::new();
    let verifier = security.verifier();
    let mut tls = Tls::new(stack, server, verifier, board::entropy, &clock, BUFFERS.take());
    let publish = app::publish(&device, board::entropy, &mut tls);
    let time = security.keep_time(&clock, stack, board::entropy, board::unix_s);
    // The time first: a board with a clock has it at once.
    select(time, publish).await;
    defmt::info!("stack used: {=usize} bytes", board::stack_used());
    board::exit(true)
}

/// Parses the page, with the keys of TLS.
fn read<'a>(
    page: &'a [u8],
    der: &'a mut [u8],
) -> Result<(Page<'a>, Host<'a>, Security<'a>), ProvisioningError<'a>> {
    let mut keys = SecurityKeys::default();
    let device = Provisioning::read_named(page, |key, value| keys.take(key, value))?;
    Ok((device, device.server_host()?, keys.read(der)?))
}
