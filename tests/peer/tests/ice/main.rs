//! ICE agents: against each other over a simulated network, against pion over real sockets, and against
//! whatever bytes arrive.

mod connecting;
mod framing;
mod hostile;
mod lasting;
mod messages;
mod net;
mod pion;
mod rules;
mod str0m;
