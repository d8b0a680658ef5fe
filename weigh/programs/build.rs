/// On Arm the linker finds cortex-m-rt's script and the memory of the emulated board. Elsewhere the
/// programs are weighed and not run: the linker's own script does.
fn main() {
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "arm") {
        println!("cargo::rustc-link-search={}/../../no-panic", env!("CARGO_MANIFEST_DIR"));
        println!("cargo::rustc-link-arg-bins=-Tlink.x");
    }
}
