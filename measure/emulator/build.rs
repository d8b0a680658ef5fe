//! Lets the linker find the board's memory.x. The programs themselves ask for cortex-m-rt's link.x.

fn main() {
    println!("cargo::rerun-if-changed=memory.x");
    println!("cargo::rustc-link-search={}", env!("CARGO_MANIFEST_DIR"));
}
