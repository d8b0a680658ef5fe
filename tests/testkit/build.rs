//! What the feature `ways` needs: prost's types, and what is made of them.

#[cfg(feature = "ways")]
mod ways;

fn main() {
    #[cfg(feature = "ways")]
    ways::generate();
}
