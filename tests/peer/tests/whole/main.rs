//! Whole peers of other implementations on the other end: pion's, Chromium's.
//!
//! `PION` is the folder of the programs of tests/peers/go/webrtc, `CHROMIUM` and `PACKAGES` what tests/peers/get prints of
//! `chromium` and `browser`.

mod conversations;

use std::path::PathBuf;
use std::process::Command;

use peer_tests::whole::{Device, Link, Remote};

fn path(variable: &str) -> PathBuf {
    std::env::var_os(variable).unwrap_or_else(|| panic!("{variable} is not set")).into()
}

fn pion(options: &[&str]) -> Remote {
    Remote::start(Command::new(path("PION").join("peer")).args(options))
}

fn chromium() -> Remote {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/browser/peer.mjs");
    Remote::start(Command::new("node").arg(script).arg(path("PACKAGES")).arg(path("CHROMIUM")))
}

/// A device with memory for messages of 64 KB.
fn device(link: Option<Link>) -> Device {
    Device::new(80_000, 65_536, 16, link)
}
