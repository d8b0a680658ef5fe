//! As session_callee, and streams are sent and received.
#![no_std]
#![no_main]

use livekit_micro::data::{Incoming, Rpc, Session};
use programs::session::{Wanted, converse};

programs::forever!(|frame, out| {
    converse(programs::session!(Session<Incoming<Wanted, 2>, Rpc>), frame, out);
});
