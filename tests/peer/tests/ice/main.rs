//! ICE agents: against each other over a simulated network, against pion over real sockets, and against
//! whatever bytes arrive.

mod connecting;
mod framing;
mod hostile;
mod lasting;
mod net;
mod pion;
mod str0m;
