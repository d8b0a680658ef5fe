//! What the feature `full` needs: prost's types, and what is made of them.

#[cfg(feature = "full")]
mod full;

fn main() {
    #[cfg(feature = "full")]
    full::generate();
}
