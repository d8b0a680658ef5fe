//! SCTP: two of ours, and ours with sctp-proto, over a model of a network on a simulated clock.

mod delivery;
mod network;
mod ours;
mod theirs;
mod traffic;
