/// On Arm the programs are linked by cortex-m-rt's script with the memory of the emulated board.
/// Elsewhere they are measured and not run: the linker's own script will do.
fn main() {
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "arm") {
        println!("cargo::rustc-link-arg-bins=-Tlink.x");
    }
}
