//! Programs that are the other end.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// A program of tests/peers/go/webrtc.
pub fn go(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| get("webrtc")).join(name)
}

/// What `tests/peers/get PEER` prints.
pub fn get(peer: &str) -> PathBuf {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../peers/get");
    let got = Command::new(script).arg(peer).output().expect("it is a script");
    assert!(got.status.success(), "{}", String::from_utf8_lossy(&got.stderr));
    String::from_utf8_lossy(&got.stdout).trim().into()
}
