//! Publishes a reading every second into a LiveKit room, by the server's HTTP API over TLS 1.3.
//!
//! As `publisher`, with one more key in the provisioning: `ca`, the root under which the server's
//! certificate was issued, as base64 of DER. The certificate has to be for `host`.
//!
//! The device has to know the time: no certificate is accepted without it. See README.md.
#![no_std]
#![no_main]

mod session;
mod tls;

use app::{Provisioning, ProvisioningError};
use base64ct::{Base64, Encoding};
use embassy_executor::Spawner;
use livekit_micro_trust::{TrustAnchor, Verifier, build_time, root};
#[cfg(feature = "lm3s6965evb")]
use lm3s6965evb as board;
#[cfg(feature = "mps2-an385")]
use mps2_an385 as board;
use static_cell::{ConstStaticCell, StaticCell};

use tls::{Buffers, Tls};

/// The largest root certificate: those of RSA keys with 4096 bits have some 1400 bytes.
const ROOT_BYTES: usize = 1536;

/// A clock that shows an earlier time is wrong.
const FLOOR: u64 = build_time!();

#[embassy_executor::main(executor = "board::Executor", entry = "board::entry")]
async fn main(spawner: Spawner) {
    // Not in this function's future, which would be built on the stack.
    static ROOT: ConstStaticCell<[u8; ROOT_BYTES]> = ConstStaticCell::new([0; ROOT_BYTES]);
    static BUFFERS: ConstStaticCell<Buffers> = ConstStaticCell::new(Buffers::new());
    static ROOTS: StaticCell<[TrustAnchor<'static>; 1]> = StaticCell::new();

    let (device, root) = match read(board::provisioning(), ROOT.take()) {
        Ok(read) => read,
        Err(error) => {
            defmt::error!("provisioning: {}", error);
            board::exit(false)
        }
    };
    let verifier = Verifier::new(ROOTS.init([root]), FLOOR);
    let stack = board::start(spawner);
    let mut tls = Tls::new(stack, &device, verifier, board::entropy, board::unix_s, BUFFERS.take());
    app::publish(&device, board::entropy, &mut tls).await;
    defmt::info!("stack used: {=usize} bytes", board::stack_used());
    board::exit(true)
}

/// Parses the page, with the key `ca`.
fn read<'a>(
    page: &'a [u8],
    der: &'a mut [u8],
) -> Result<(Provisioning<'a>, TrustAnchor<'a>), ProvisioningError<'a>> {
    let mut ca = None;
    let device = Provisioning::read_with(page, |key, value| {
        if key == "ca" {
            ca = Some(value);
        }
        key == "ca"
    })?;
    let ca = ca.ok_or(ProvisioningError::Missing("ca"))?;
    let invalid = ProvisioningError::InvalidValue("ca");
    let der = Base64::decode(ca, der).map_err(|_| invalid)?;
    Ok((device, root(der).map_err(|_| invalid)?))
}
