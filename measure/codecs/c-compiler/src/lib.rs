//! The C compiler of a target, called as for a firmware of that target.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// The compiler's prefix, and what it is told about the core.
fn core(target: &str) -> (&'static str, &'static [&'static str]) {
    match target {
        "thumbv6m-none-eabi" => ("arm-none-eabi-", &["-mcpu=cortex-m0", "-mthumb"]),
        "thumbv7m-none-eabi" => ("arm-none-eabi-", &["-mcpu=cortex-m3", "-mthumb"]),
        "riscv32imac-unknown-none-elf" => (
            "riscv64-unknown-elf-",
            // No section for small data: rust-lld sets no pointer to one.
            &["-march=rv32imac", "-mabi=ilp32", "-msmall-data-limit=0"],
        ),
        _ => panic!(
            "no C compiler is known for {target}: known are thumbv6m-none-eabi, \
             thumbv7m-none-eabi and riscv32imac-unknown-none-elf"
        ),
    }
}

/// A build with the flags of the target that cargo builds for. `out` is a folder for object files.
pub fn for_target(out: &Path) -> cc::Build {
    let target = env::var("TARGET").expect("cargo sets it");
    let (prefix, flags) = core(&target);
    let compiler = format!("{prefix}gcc");
    let found = Command::new(&compiler).arg("--version").output();
    found.unwrap_or_else(|error| {
        panic!(
            "cannot run {compiler}: {error}; Debian has it in gcc-{}",
            prefix.trim_end_matches('-')
        )
    });

    let mut build = cc::Build::new();
    build.compiler(&compiler).archiver(format!("{prefix}ar")).no_default_flags(true);
    build.flags(flags);
    build.flag(if env::var_os("CARGO_FEATURE_O2").is_some() { "-O2" } else { "-Os" });
    build.flag("-std=c11");
    build.flags(["-ffunction-sections", "-fdata-sections", "-fno-pic"]);
    // Copying few bytes is inlined.
    build.flags(["-ffreestanding", "-fbuiltin"]);
    if target == "thumbv6m-none-eabi" {
        jump_tables(&mut build, &compiler, flags, out);
    }
    build
}

/// Links the C library called `name`: `c` or `c_nano`. A firmware in C has newlib, whose `memcpy` is smaller and much faster than Rust's: it would not be
/// fair to measure C with the other one. Debian has no newlib for RISC-V.
pub fn link_c_library(name: &str) {
    let (prefix, flags) = core(&env::var("TARGET").expect("cargo sets it"));
    if prefix != "arm-none-eabi-" {
        return;
    }
    let mut compiler = Command::new(format!("{prefix}gcc"));
    let library = run(compiler.args(flags).arg(format!("-print-file-name=lib{name}.a")));
    let folder = Path::new(library.trim()).parent().filter(|folder| folder.is_absolute());
    let folder = folder.expect("newlib is installed: Debian has it in libnewlib-arm-none-eabi");
    println!("cargo::rustc-link-search=native={}", folder.display());
    println!("cargo::rustc-link-lib=static:-bundle={name}");
}

/// For a Cortex-M0, GCC makes of a `switch` a call into its libgcc, which Rust has no substitute
/// for. These functions alone are taken from it: for arithmetic there are Rust's.
fn jump_tables(build: &mut cc::Build, compiler: &str, flags: &[&str], out: &Path) {
    let said = run(Command::new(compiler).args(flags).arg("-print-libgcc-file-name"));
    let members = ["sqi", "uqi", "shi", "uhi", "si"].map(|of| format!("_thumb1_case_{of}.o"));
    let archiver = compiler.replace("gcc", "ar");
    run(Command::new(archiver).args(["x", said.trim()]).args(&members).current_dir(out));
    build.objects(members.map(|member| out.join(member)));
}

/// The size of a C type of `header`, read from the assembly of an array that is as large. Its
/// alignment is 8 bytes at most.
pub fn size_of(build: &cc::Build, header: &str, ty: &str, out: &Path) -> usize {
    let source = out.join("size.c");
    let content = format!(
        "#include \"{header}\"\nchar as_large[sizeof({ty})] = {{1}};\n\
         _Static_assert(_Alignof({ty}) <= 8, \"Rust has it at 8\");\n"
    );
    fs::write(&source, content).unwrap_or_else(|error| panic!("cannot write size.c: {error}"));
    let assembly = run(build.get_compiler().to_command().args(["-S", "-o", "-"]).arg(source));
    let size =
        assembly.lines().find_map(|line| line.trim().strip_prefix(".size")?.split(',').nth(1));
    size.and_then(|size| size.trim().parse().ok())
        .unwrap_or_else(|| panic!("the compiler does not say the size of {ty}: {assembly}"))
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {said}{wrong}");
    said.into_owned()
}
