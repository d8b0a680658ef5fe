//! Publishes a reading every second into a LiveKit room, by the server's HTTP API over TLS 1.3.
//!
//! As `publisher`, with one line more in the provisioning: `ca`, the root that vouches for the server,
//! as base64 of DER. The server's certificate has to be for `host`.
//!
//! **Times of certificates are not looked at**, as the board has no clock. A certificate whose key
//! was stolen is trusted also after it has expired, for as long as its root is. A device that knows
//! the time gives [`Tls`] a [`Clock`](tls::Clock) that says it. README.md has more of this.
#![no_std]
#![no_main]

mod session;
mod tls;

use app::{Mistake, Provisioning};
use base64ct::{Base64, Encoding};
use embassy_executor::Spawner;
#[cfg(feature = "lm3s6965evb")]
use lm3s6965evb as board;
#[cfg(feature = "mps2-an385")]
use mps2_an385 as board;
use static_cell::ConstStaticCell;
use trust::x509::Certificate;

use tls::{Buffers, Tls};

/// The largest root.
const ROOT_BYTES: usize = 1024;

#[embassy_executor::main(executor = "board::Executor", entry = "board::entry")]
async fn main(spawner: Spawner) {
    // Constant, and not in the future of this function: that would be built on the stack.
    static ROOT: ConstStaticCell<[u8; ROOT_BYTES]> = ConstStaticCell::new([0; ROOT_BYTES]);
    static BUFFERS: ConstStaticCell<Buffers> = ConstStaticCell::new(Buffers::new());

    let (device, root) = match read(board::provisioning(), ROOT.take()) {
        Ok(read) => read,
        Err(mistake) => {
            defmt::error!("provisioning: {}", mistake);
            board::exit(false)
        }
    };
    let no_clock = || None;
    let stack = board::start(spawner);
    let mut tls = Tls::new(stack, &device, root, board::entropy, no_clock, BUFFERS.take());
    app::publish(&device, board::entropy, &mut tls).await;
    defmt::info!("{=usize} bytes of stack were used", board::stack_used());
    board::exit(true)
}

/// What the page says, and the root that it names.
fn read<'a>(
    page: &'a [u8],
    der: &'a mut [u8],
) -> Result<(Provisioning<'a>, Certificate<'a>), Mistake<'a>> {
    let mut ca = None;
    let device = Provisioning::read_with(page, |key, value| {
        if key == "ca" {
            ca = Some(value);
        }
        key == "ca"
    })?;
    let ca = ca.ok_or(Mistake::Missing("ca"))?;
    let wrong = Mistake::Value("ca");
    let der = Base64::decode(ca, der).map_err(|_| wrong)?;
    Ok((device, Certificate::read(der).map_err(|_| wrong)?))
}
