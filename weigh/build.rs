/// The linker finds cortex-m-rt's script, and the memory of the emulated board.
fn main() {
    println!("cargo::rustc-link-search={}/../no-panic", env!("CARGO_MANIFEST_DIR"));
    println!("cargo::rustc-link-arg-bins=-Tlink.x");
}
