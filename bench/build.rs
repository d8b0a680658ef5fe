//! micropb's types, as they are weighed.

#[path = "../weigh/micropb/build.rs"]
mod micropb;

fn main() {
    println!("cargo::rerun-if-changed=../weigh/micropb/build.rs");
    micropb::main();
}
