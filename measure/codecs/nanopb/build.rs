//! nanopb's C is made of the schema, and compiled with its runtime and the glue of this crate.

mod options;
mod trim;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use prost::Message as _;
use prost_types::FileDescriptorSet;

use measure_c_compiler as compiler;
use measure_schema::messages;

const RUNTIME: [&str; 3] = ["pb_common.c", "pb_decode.c", "pb_encode.c"];
const GLUE: [&str; 8] =
    ["all.c", "codec.c", "family.c", "packet.c", "publish.c", "session.c", "signal.c", "wide.c"];

fn main() {
    println!("cargo::rerun-if-env-changed=NANOPB_DIR");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=options.rs");
    println!("cargo::rerun-if-changed=trim.rs");
    println!("cargo::rerun-if-changed=glue");
    let nanopb = PathBuf::from(env::var_os("NANOPB_DIR").unwrap_or_else(|| {
        panic!(
            "NANOPB_DIR is not set: set it to the folder that measure/codecs/nanopb/fetch prints"
        )
    }));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));

    let set = measure_schema::set();
    write(&out.join("messages.h"), messages::header(&set));
    generate(&nanopb, &out, "livekit", &set, options::of(&set));
    let is_callee = env::var_os("CARGO_FEATURE_CALLEE").is_some();
    // Names of their own, beside all the others.
    let trimmed = trim::trim(set, is_callee);
    let options = options::of(&trimmed).replace("livekit.", "session.");
    let package = "session.proto package:\"session\"\n";
    generate(&nanopb, &out, "session", &trimmed, options + package);

    let runtime = nanopb.join("runtime");
    let mut compiler = compiler::for_target(&out);
    // No headers of a C library are needed.
    compiler.define("PB_SYSTEM_HEADER", "\"system.h\"");
    compiler.include(&runtime).include(&out).include("glue");
    if env::var_os("CARGO_FEATURE_UTF8").is_some() {
        compiler.define("PB_VALIDATE_UTF8", None);
    }
    if env::var_os("CARGO_FEATURE_SMALLEST").is_some() {
        for option in ["PB_NO_ERRMSG", "PB_BUFFER_ONLY", "PB_WITHOUT_64BIT"] {
            compiler.define(option, None);
        }
    }
    if is_callee {
        compiler.define("CALLEE", None);
    }
    let size = compiler::size_of(&compiler, "livekit.pb.h", "livekit_DataPacket", &out);
    write(&out.join("packet_size.rs"), size.to_string());

    compiler.files(RUNTIME.map(|file| runtime.join(file)));
    compiler.files(GLUE.map(|file| Path::new("glue").join(file)));
    compiler.files(["livekit.pb.c", "session.pb.c"].map(|file| out.join(file)));
    compiler.compile("measure_nanopb");
    compiler::link_c_library("c");
}

/// Makes `NAME.pb.c` and `NAME.pb.h`.
fn generate(nanopb: &Path, out: &Path, name: &str, set: &FileDescriptorSet, options: String) {
    let [encoded, options_file] = ["pb", "options"].map(|extension| format!("{name}.{extension}"));
    write(&out.join(&encoded), set.encode_to_vec());
    write(&out.join(&options_file), options);
    let generator = nanopb.join("venv/bin/nanopb_generator");
    let status = Command::new(&generator)
        .args(["--quiet", "--error-on-unmatched"])
        .args([format!("--options-file={options_file}"), encoded])
        .current_dir(out)
        .status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => panic!("{} failed ({status}); its words are above", generator.display()),
        Err(error) => panic!(
            "cannot run {}: {error}; set NANOPB_DIR to the folder that measure/codecs/nanopb/fetch prints",
            generator.display()
        ),
    }
}

fn write(path: &Path, content: impl AsRef<[u8]>) {
    fs::write(path, content).unwrap_or_else(|e| panic!("cannot write {}: {e}", path.display()));
}
