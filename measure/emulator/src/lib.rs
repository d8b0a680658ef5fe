//! The emulated board that programs are measured and proven on: QEMU's mps2-an385, a Cortex-M3.
#![no_std]

pub mod semihosting;
pub mod stack;
