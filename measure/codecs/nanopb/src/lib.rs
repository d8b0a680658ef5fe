//! What is measured, done by nanopb: C that its generator makes of the schema, its runtime, and the
//! glue of this crate around both.
//!
//! On Arm `memcpy`, `memset` and `strlen` are newlib's, as in a firmware written in C; on RISC-V they
//! are Rust's own of `compiler_builtins`. Numbers of 64 bits are its `__aeabi_…` functions, where a
//! core has no instructions for them. For thumbv6m there are some of libgcc's functions that are part
//! of a `switch`.
//!
//! Messages lie in statics, as they are too large for a stack: what they take is static RAM. In the
//! signalling one place serves what is received and what is sent.
#![no_std]

pub mod all;
mod c;
pub mod family;
pub mod packet;
pub mod publish;
pub mod session;
pub mod signal;
pub mod wide;
