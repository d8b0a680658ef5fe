//! SCTP: two of ours, and ours with sctp-proto, over a model of a network on a simulated clock.

mod delivery;
mod end;
mod liar;
mod network;
mod ours;
mod raw;
mod reset;
mod theirs;
mod timing;
mod traffic;
mod usrsctp;
