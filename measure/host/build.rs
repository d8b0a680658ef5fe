//! prost's types and the shapes of ours, as the tests have them.

#[allow(dead_code)]
#[path = "../../tests/build.rs"]
mod tests;

fn main() {
    // The paths in there are relative to tests/.
    std::env::set_current_dir("../../tests").expect("it is beside measure/");
    tests::main();
}
