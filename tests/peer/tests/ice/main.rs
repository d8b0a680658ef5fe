//! ICE agents: against each other over a simulated network, against pion over real sockets, and against
//! whatever bytes arrive.

mod connecting;
mod net;
