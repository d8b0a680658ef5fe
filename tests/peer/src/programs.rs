//! Programs that are the other end: of Go, and what tests/peers/get fetches.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../peers");

/// A program of tests/peers/go/webrtc.
pub fn go(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peer-programs");
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        let built = Command::new("go")
            .args(["build", "-mod=readonly", "-trimpath", "-o"])
            .args([&folder, Path::new("./...")])
            .current_dir(format!("{PEERS}/go/webrtc"))
            .env("CGO_ENABLED", "0")
            .status()
            .expect("go is missing: https://go.dev/dl");
        assert!(built.success(), "the programs of tests/peers/go/webrtc do not build");
        folder
    });
    folder.join(name)
}

/// What `tests/peers/get PEER` prints.
pub fn get(peer: &str) -> PathBuf {
    let got = Command::new(format!("{PEERS}/get")).arg(peer).output().expect("it is a script");
    assert!(got.status.success(), "{}", String::from_utf8_lossy(&got.stderr));
    String::from_utf8_lossy(&got.stdout).trim().into()
}
