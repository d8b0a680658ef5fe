//! Publishes a reading every second into a LiveKit room, by the server's HTTP API over TLS 1.3.
//!
//! As `publisher`, with one more key in the provisioning: `ca`, the root that issued the server's
//! certificate, as base64 of DER. The certificate has to be for `host`.
//!
//! **Expiry is not checked**, as the board has no clock: a stolen key stays trusted after its certificate
//! has expired, for as long as the root is trusted. A device that knows the time passes a
//! [`Clock`](tls::Clock) to [`Tls`]. See README.md.
#![no_std]
#![no_main]

mod session;
mod tls;

use app::{Provisioning, ProvisioningError};
use base64ct::{Base64, Encoding};
use embassy_executor::Spawner;
#[cfg(feature = "lm3s6965evb")]
use lm3s6965evb as board;
#[cfg(feature = "mps2-an385")]
use mps2_an385 as board;
use static_cell::ConstStaticCell;
use trust::x509::Certificate;

use tls::{Buffers, Tls};

/// The largest root certificate.
const ROOT_BYTES: usize = 1024;

#[embassy_executor::main(executor = "board::Executor", entry = "board::entry")]
async fn main(spawner: Spawner) {
    // Not in this function's future, which would be built on the stack.
    static ROOT: ConstStaticCell<[u8; ROOT_BYTES]> = ConstStaticCell::new([0; ROOT_BYTES]);
    static BUFFERS: ConstStaticCell<Buffers> = ConstStaticCell::new(Buffers::new());

    let (device, root) = match read(board::provisioning(), ROOT.take()) {
        Ok(read) => read,
        Err(error) => {
            defmt::error!("provisioning: {}", error);
            board::exit(false)
        }
    };
    let no_clock = || None;
    let stack = board::start(spawner);
    let mut tls = Tls::new(stack, &device, root, board::entropy, no_clock, BUFFERS.take());
    app::publish(&device, board::entropy, &mut tls).await;
    defmt::info!("stack used: {=usize} bytes", board::stack_used());
    board::exit(true)
}

/// Parses the page, with the key `ca`.
fn read<'a>(
    page: &'a [u8],
    der: &'a mut [u8],
) -> Result<(Provisioning<'a>, Certificate<'a>), ProvisioningError<'a>> {
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
    Ok((device, Certificate::read(der).map_err(|_| invalid)?))
}
