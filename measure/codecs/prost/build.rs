//! What prost-build makes of the schema.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    prost_build::Config::new()
        .btree_map(["."])
        .compile_fds(measure_schema::set())
        .expect("prost-build takes the schema");
}
