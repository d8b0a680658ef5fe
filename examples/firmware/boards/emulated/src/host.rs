//! What the host does for the firmware: it stands in for hardware that QEMU does not emulate.

use embassy_net::{Config, Ipv4Address, Ipv4Cidr, StaticConfigV4};
use semihosting::fs::File;
use semihosting::io::Read;
use semihosting::process;

/// Fills `out` with random bytes, as a generator in hardware would. Without them it ends the firmware.
pub fn entropy(out: &mut [u8]) {
    let filled = File::open(c"/dev/urandom").and_then(|mut source| source.read_exact(out));
    if filled.is_err() {
        defmt::error!("the host has no random bytes");
        exit(false);
    }
}

/// Ends the emulation, with the exit status 0 for success and 1 otherwise.
pub fn exit(success: bool) -> ! {
    process::exit(if success { 0 } else { 1 })
}

/// The address that QEMU's network gives to its first guest, and its router, which is the host.
pub fn network() -> Config {
    Config::ipv4_static(StaticConfigV4 {
        address: Ipv4Cidr::new(Ipv4Address::new(10, 0, 2, 15), 24),
        gateway: Some(Ipv4Address::new(10, 0, 2, 2)),
        dns_servers: Default::default(),
    })
}
