//! As session_streams, and chunks are received through a window smaller than their frame.
#![no_std]
#![no_main]

use livekit_micro::data::{Incoming, Rpc, Session};
use programs::session::{Wanted, converse, receive_window};

programs::forever!(|frame, out| {
    let session = programs::session!(Session<Incoming<Wanted, 2>, Rpc>);
    receive_window(session, frame);
    converse(session, frame, out);
});
