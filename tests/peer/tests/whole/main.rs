//! Whole peers of other implementations on the other end: pion's and Chromium's in real time, str0m's on a simulated clock.

mod conversations;
mod simulated;

use std::process::Command;

use peer_tests::programs::{get, go};
use peer_tests::whole::{Device, Link, Offline, Remote};

fn pion(options: &[&str]) -> Remote {
    Remote::start(Command::new(go("peer")).args(options))
}

fn chromium() -> Remote {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/browser/peer.mjs");
    Remote::start(Command::new("node").arg(script).args([get("browser"), get("chromium")]))
}

/// A device with memory for messages of 64 KB.
fn device(link: Option<Link>) -> Device {
    Device::new(Offline::new(80_000, 65_536, 16, fastrand::u64(..)), link)
}
