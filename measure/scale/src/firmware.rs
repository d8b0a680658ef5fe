//! Builds and runs programs.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;

use crate::image::Image;

pub const CORTEX_M3: &str = "thumbv7m-none-eabi";

/// One way to build the programs of a codec.
#[derive(Clone, Copy)]
pub struct Build {
    /// Empty for the programs without one.
    pub codec: &'static str,
    /// Further features, with commas between them.
    pub features: &'static str,
    pub target: &'static str,
    pub opt: &'static str,
}

impl Build {
    /// Builds `programs`.
    pub fn programs(self, programs: &[&str]) -> HashMap<String, Image> {
        let folder = self.cargo(programs, &[], "target");
        let image = |&name: &&str| (name.to_owned(), Image::read(&folder.join(name)));
        programs.iter().map(image).collect()
    }

    /// Builds `program` so that it says how much stack each function takes. A folder of its own: it
    /// needs what is not stable yet, and that would build everything else anew.
    pub fn with_frames(self, program: &str) -> Image {
        let flags = ["-Zemit-stack-sizes"];
        Image::read(&self.cargo(&[program], &flags, "target/frames").join(program))
    }

    fn cargo(self, programs: &[&str], flags: &[&str], folder: &str) -> PathBuf {
        let root = crate::root();
        let variable = self.target.to_uppercase().replace('-', "_");
        let sysroot = format!("--sysroot={}", sysroot(self.target));
        let mut cargo = Command::new("cargo");
        cargo.current_dir(root).args(["build", "--quiet", "--release", "--package", "programs"]);
        cargo.args(["--target", self.target, "--target-dir", folder]);
        cargo.args(programs.iter().flat_map(|program| ["--bin", program]));
        cargo.arg(format!("--features={},{}", self.codec, self.features));
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt);
        let flags = [&[sysroot.as_str()], flags].concat().join(" ");
        if flags.contains("-Z") {
            cargo.env("RUSTC_BOOTSTRAP", "1");
        }
        cargo.env(format!("CARGO_TARGET_{variable}_RUSTFLAGS"), flags);
        succeed(&mut cargo);
        root.join(folder).join(self.target).join("release")
    }
}

/// What the program `image` prints when QEMU runs it.
pub fn run(image: &Image, more: &[&str]) -> String {
    let mut qemu = Command::new("timeout");
    qemu.args(["300", "qemu-system-arm", "-machine", "mps2-an385", "-display", "none"]);
    qemu.args(["-monitor", "none", "-serial", "none", "-icount", "shift=6,sleep=off"]);
    qemu.args(["-semihosting-config", "enable=on,target=native", "-kernel"]).arg(&image.path);
    qemu.args(more);
    // QEMU sends what a program prints to stderr.
    let output = qemu.output().expect("timeout and qemu-system-arm are installed");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{} failed: {text}", image.path.display());
    text
}

fn sysroot(target: &str) -> String {
    succeed(Command::new(crate::root().join("../.ci/sysroot")).arg(target))
}

/// Runs `command` and returns what it prints; a failure ends the program.
pub fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    if !output.status.success() {
        eprintln!("{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
        std::process::exit(1);
    }
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// The first line that `program --version` prints.
pub fn version(program: &str) -> String {
    let text = succeed(Command::new(program).arg("--version"));
    text.lines().next().unwrap_or_default().to_owned()
}
