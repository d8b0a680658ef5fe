//! A copy of this package, to be changed and built with the real cargo.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a build of the package needs; folders are copied whole.
const PARTS: [&str; 10] = [
    "build.rs",
    "codegen/Cargo.toml",
    "codegen/src",
    "peer/Cargo.toml",
    "peer/examples",
    "peer/src",
    "src",
    "Cargo.lock",
    "protocol/livekit.binpb",
    "protocol/VERSION",
];

/// The package that is copied.
const ORIGINAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Tables of Cargo.toml that are about what is not copied.
const CUT: [&str; 5] = ["[workspace]", "[dev-dependencies", "[[test]]", "[[example]]", "[[bench]]"];

/// The copy is a workspace of its own, with the crate that asks it for its sizes.
const WORKSPACE: &str = "[workspace]\nmembers = [\"probe\"]\nresolver = \"3\"\n\n";

const PROBE: &str = "[package]\nname = \"probe\"\nedition = \"2024\"\n\n\
                     [dependencies]\nlivekit-micro = { path = \"..\" }\n";

/// The copy; one test uses it at a time.
pub struct Package {
    root: PathBuf,
    _alone: MutexGuard<'static, ()>,
}

impl Package {
    /// Copies the package. Files that an earlier run left unchanged are not built again.
    pub fn copy() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("config-errors");
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let package = Package { root, _alone: alone };
        for part in PARTS {
            package.take(Path::new(part));
        }
        package.write("Cargo.toml", &manifest());
        package.write("probe/Cargo.toml", PROBE);
        package.write("probe/src/main.rs", "fn main() {}\n");
        package.remove(".cargo/config.toml");
        package
    }

    /// The folder of the copy.
    pub fn root(&self) -> &str {
        self.root.to_str().expect("the path of the target folder is UTF-8")
    }

    /// Builds the copy; its build script runs, whether or not cargo sees a reason.
    pub fn build(&self, environment: &[(&str, String)]) -> Output {
        // Cargo compares variables that it was told of; a misspelled one does not run the script.
        self.copy_file(Path::new("protocol/livekit.binpb"));
        let environment = environment.iter().map(|(name, value)| (*name, value.as_str()));
        self.cargo(&["build", "--package", "livekit-micro"], environment)
    }

    /// Builds the copy as cargo sees fit, and returns what cargo prints.
    pub fn build_again(&self) -> Output {
        // Cargo compares times of modification, which some file systems keep in whole seconds.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        self.command(&["build", "--package", "livekit-micro"]).output().expect("cargo can be run")
    }

    /// Compiles `main`, which is wrong, in a crate that depends on the copy; returns the errors.
    pub fn fail(&self, main: &str) -> String {
        self.write("probe/src/main.rs", main);
        let output = self.cargo(&["build", "--package", "probe"], std::iter::empty());
        assert!(!output.status.success(), "it compiles:\n{main}");
        String::from_utf8(output.stderr).expect("rustc prints UTF-8")
    }

    /// Runs `main` in a crate that depends on the copy, and returns what it prints.
    pub fn run(&self, main: &str, environment: &[(&str, &str)]) -> String {
        self.write("probe/src/main.rs", main);
        let output = self.cargo(&["run", "--package", "probe"], environment.iter().copied());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the crate that uses the copy does not run:\n{stderr}");
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    }

    fn cargo<'a>(
        &self,
        arguments: &[&str],
        environment: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Output {
        let mut cargo = self.command(arguments);
        cargo.arg("--quiet").envs(environment);
        cargo.output().expect("cargo runs this test, so it can be run")
    }

    /// Cargo in the folder of the copy, without the knobs of this build.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut cargo = Command::new(env!("CARGO"));
        let ours = |name: &OsString| name.to_string_lossy().starts_with("LIVEKIT_MICRO_");
        for (name, _) in std::env::vars_os().filter(|(name, _)| ours(name)) {
            cargo.env_remove(name);
        }
        cargo.env("CARGO_TARGET_DIR", self.root.join("target"));
        cargo.args(arguments).args(["--offline", "--color", "never"]).current_dir(&self.root);
        cargo
    }

    /// Returns the text of a file of the original.
    pub fn original(&self, path: &str) -> String {
        fs::read_to_string(Path::new(ORIGINAL).join(path))
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes a file of the copy, unless it has this content.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            return;
        }
        fs::create_dir_all(path.parent().expect("below the root")).expect("a writable target");
        fs::write(path, text).expect("a writable target");
    }

    /// Removes a file of the copy, if it exists.
    pub fn remove(&self, path: &str) {
        let _ = fs::remove_file(self.root.join(path));
    }

    fn take(&self, path: &Path) {
        let original = Path::new(ORIGINAL).join(path);
        if original.is_dir() {
            for entry in fs::read_dir(original).expect("a readable folder") {
                self.take(&path.join(entry.expect("a readable folder").file_name()));
            }
        } else if fs::read(&original).ok() != fs::read(self.root.join(path)).ok() {
            self.copy_file(path);
        }
    }

    fn copy_file(&self, path: &Path) {
        let bytes = fs::read(Path::new(ORIGINAL).join(path)).expect("readable");
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("below the root")).expect("a writable target");
        fs::write(path, bytes).expect("a writable target");
    }
}

/// Returns Cargo.toml without the tables about files that are not copied.
fn manifest() -> String {
    let mut text = String::from(WORKSPACE);
    let mut kept = true;
    for line in include_str!("../../../../Cargo.toml").lines() {
        if line.starts_with('[') {
            kept = !CUT.iter().any(|cut| line.starts_with(cut));
        }
        if kept {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}
