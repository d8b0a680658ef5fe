//! What the boards with a Cortex-M have in common.

mod board;
mod clock;
mod fault;

pub use clock::start as start_clock;
