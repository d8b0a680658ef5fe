//! RPC in both roles.
