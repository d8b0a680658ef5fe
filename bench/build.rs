//! prost's types and the shapes of ours, as the tests have them, and micropb's types, as they are
//! weighed.

#[allow(dead_code)]
#[path = "../weigh/micropb/build.rs"]
mod micropb;
#[allow(dead_code)]
#[path = "../tests/build.rs"]
mod tests;

fn main() {
    println!("cargo::rerun-if-changed=../tests/build.rs");
    println!("cargo::rerun-if-changed=../weigh/micropb/build.rs");
    tests::main();
    micropb::main();
}
