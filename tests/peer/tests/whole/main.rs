//! Whole peers of other implementations on the other end: pion's, Chromium's.

mod conversations;

use std::process::Command;

use peer_tests::programs::{get, go};
use peer_tests::whole::{Device, Link, Remote};

fn pion(options: &[&str]) -> Remote {
    Remote::start(Command::new(go("peer")).args(options))
}

fn chromium() -> Remote {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/browser/peer.mjs");
    Remote::start(Command::new("node").arg(script).args([get("browser"), get("chromium")]))
}

/// A device with memory for messages of 64 KB.
fn device(link: Option<Link>) -> Device {
    Device::new(80_000, 65_536, 16, link)
}
