//! A device on a line and a bridge, over lines that lose, garble and double bytes.
#![cfg(feature = "link")]

mod bounds;
mod ends;
mod frames;
mod lab;
mod lengths;
mod pair;
mod wire;
