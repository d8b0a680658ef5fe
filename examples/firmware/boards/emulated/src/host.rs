//! Services of the host, in place of hardware that QEMU does not emulate.

use semihosting::fs::File;
use semihosting::io::Read;
use semihosting::process;
use semihosting::sys::arm_compat::sys_time;

/// Fills `out` with random bytes. Without a source of them it ends the firmware.
pub fn entropy(out: &mut [u8]) {
    let filled = File::open(c"/dev/urandom").and_then(|mut source| source.read_exact(out));
    if filled.is_err() {
        defmt::error!("the host has no random bytes");
        exit(false);
    }
}

/// Returns the seconds since 1970, in place of a clock that runs on a battery.
pub fn unix_s() -> Option<u64> {
    sys_time().ok().map(|unix_s| unix_s as u64)
}

/// Ends the emulation, with the exit status 0 for success and 1 otherwise.
pub fn exit(success: bool) -> ! {
    process::exit(if success { 0 } else { 1 })
}
