//! protobuf-c's C is made of the schema by its protoc plugin, and compiled with its runtime and the
//! glue of this crate.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use measure_c_compiler as compiler;
use measure_schema::messages;
use prost::Message as _;
use prost_types::compiler::{CodeGeneratorRequest, CodeGeneratorResponse};
use prost_types::file_options::OptimizeMode;
use prost_types::{FileDescriptorSet, FileOptions};

const PLUGIN: &str = "protoc-gen-c";
const GLUE: [&str; 4] = ["codec.c", "packet.c", "publish.c", "signal.c"];

fn main() {
    println!("cargo::rerun-if-env-changed=PROTOBUF_C_DIR");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=glue");
    let runtime = PathBuf::from(env::var_os("PROTOBUF_C_DIR").unwrap_or_else(|| {
        panic!("PROTOBUF_C_DIR is not set: set it to the folder that measure/codecs/protobuf-c/fetch prints")
    }));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut set = measure_schema::set();
    // Leaves out what looks up fields by name.
    let options =
        FileOptions { optimize_for: Some(OptimizeMode::CodeSize.into()), ..Default::default() };
    set.file[0].options = Some(options);
    for (name, content) in generate(&set) {
        write(&out.join(name), content);
    }
    write(&out.join("messages.h"), header(&set));

    let mut compiler = compiler::for_target(&out);
    compiler.include(&runtime).include(&out).include("glue");
    compiler.file(runtime.join("protobuf-c/protobuf-c.c"));
    compiler.files(GLUE.map(|file| Path::new("glue").join(file)));
    compiler.file(out.join("livekit.pb-c.c"));
    compiler.compile("measure_protobuf_c");
    // The small one has a small malloc.
    compiler::link_c_library("c_nano");
}

/// Runs the plugin as protoc does: a request to its input, a response from its output.
fn generate(set: &FileDescriptorSet) -> Vec<(String, String)> {
    let request = CodeGeneratorRequest {
        file_to_generate: vec![set.file[0].name().to_owned()],
        proto_file: set.file.clone(),
        ..Default::default()
    };
    let mut plugin = Command::new(PLUGIN);
    let mut plugin =
        plugin.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap_or_else(|error| {
            panic!("cannot run {PLUGIN}: {error}; Debian has it in protobuf-c-compiler")
        });
    let mut stdin = plugin.stdin.take().expect("it is piped");
    stdin.write_all(&request.encode_to_vec()).expect("the plugin reads its input");
    drop(stdin);
    let output = plugin.wait_with_output().expect("the plugin ends");
    assert!(output.status.success(), "{PLUGIN} failed");
    let response = CodeGeneratorResponse::decode(&*output.stdout).expect("the plugin's format");
    assert!(response.error.is_none(), "{PLUGIN}: {}", response.error());
    let files = response.file.into_iter();
    files.map(|file| (file.name().to_owned(), file.content().to_owned())).collect()
}

/// `messages.h`: the families as macros over the names that protobuf-c gives the messages.
fn header(set: &FileDescriptorSet) -> String {
    let mut header = messages::header(set);
    // The longest first: a name may begin with another one.
    let mut names: Vec<String> = messages::all(set).into_keys().collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in names {
        header = header
            .replace(&format!("({})", name.replace('.', "_")), &format!("({})", c_name(&name)));
    }
    header
}

/// `livekit.DataStream.Chunk` is called `livekit__data_stream__chunk`.
fn c_name(name: &str) -> String {
    let mut text = String::new();
    for part in name.split('.') {
        if !text.is_empty() {
            text.push_str("__");
        }
        let mut was_upper = true;
        for letter in part.chars() {
            if letter.is_uppercase() && !was_upper {
                text.push('_');
            }
            was_upper = letter.is_uppercase();
            write!(text, "{}", letter.to_ascii_lowercase()).expect("a string");
        }
    }
    text
}

fn write(path: &Path, content: impl AsRef<[u8]>) {
    fs::write(path, content).unwrap_or_else(|e| panic!("cannot write {}: {e}", path.display()));
}
