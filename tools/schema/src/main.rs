//! The maintainer's tool for `protocol/`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use prost_reflect::{DescriptorPool, FileDescriptor};
use schema::comments::Comments;
use schema::{Failure, comments, compile, diff, files, print, wheel};

const USAGE: &str = "\
schema compile                compiles protocol/*.proto to protocol/livekit.binpb
schema format                 writes protocol/*.proto in the one canonical form
schema diff OLD NEW           what changed; each a descriptor set (.binpb) or a wheel (.whl)
schema import WHEEL           takes a newer release from a wheel of PyPI's livekit-protocol:
                              prints what changed, rewrites protocol/ and keeps its comments";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let protocol = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../protocol");
    let result = match args.as_slice() {
        ["compile"] => compile_here(&protocol),
        ["format"] => format_here(&protocol),
        ["diff", old, new] => show_diff(old, new),
        ["import", wheel] => import(&protocol, Path::new(wheel)),
        _ => Err(USAGE.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compile_here(protocol: &Path) -> Result<(), Failure> {
    let set = compile::directory(protocol)?;
    fs::write(protocol.join("livekit.binpb"), &set)?;
    println!("protocol/livekit.binpb: {} bytes", set.len());
    Ok(())
}

fn format_here(protocol: &Path) -> Result<(), Failure> {
    let pool = DescriptorPool::decode(compile::directory(protocol)?.as_slice())?;
    for file in pool.files().filter(|file| protocol.join(file.name()).exists()) {
        write(protocol, &file, &comments::of(&pool))?;
    }
    Ok(())
}

fn show_diff(old: &str, new: &str) -> Result<(), Failure> {
    print!("{}", diff::text(&load(old)?, &load(new)?));
    Ok(())
}

fn import(protocol: &Path, path: &Path) -> Result<(), Failure> {
    let current = DescriptorPool::decode(compile::directory(protocol)?.as_slice())?;
    let release = wheel::read(path)?;
    print!("{}", diff::text(&current, &release));
    // Google's files stay as they are: the release only refers to them.
    for file in release.files().filter(|file| !file.name().starts_with("google/")) {
        write(protocol, &file, &comments::of(&current))?;
    }
    for name in files::proto_names(protocol)? {
        if release.get_file_by_name(&name).is_none() && !name.starts_with("google/") {
            println!("removed file {name}");
            fs::remove_file(protocol.join(name))?;
        }
    }
    // livekit_protocol-1.1.29-py3-none-any.whl
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let version = name.split('-').nth(1).ok_or("the wheel's name holds no version")?;
    fs::write(protocol.join("VERSION"), format!("{version}\n"))?;
    // What the tests compare with.
    let upstream = protocol.join(format!("../tests/upstream/livekit-{version}.binpb"));
    if !upstream.exists() {
        fs::write(upstream, wheel::descriptor_set(&release))?;
    }
    println!("protocol/ is now {version}: describe what is new, then `schema compile`");
    Ok(())
}

/// Writes one .proto file.
fn write(protocol: &Path, file: &FileDescriptor, comments: &Comments) -> Result<(), Failure> {
    let path = protocol.join(file.name());
    fs::create_dir_all(path.parent().ok_or("files lie in folders")?)?;
    Ok(fs::write(&path, print::file(file, comments))?)
}

fn load(path: &str) -> Result<DescriptorPool, Failure> {
    let path = PathBuf::from(path);
    match path.extension().and_then(|end| end.to_str()) {
        Some("whl") => wheel::read(&path),
        _ => Ok(DescriptorPool::decode(fs::read(&path)?.as_slice())?),
    }
}
