//! Data channels: two of ours, and ours with pion.

mod device;
mod pair;
mod pion;
