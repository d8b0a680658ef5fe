//! As session_callee, and streams are sent and received.
#![no_std]
#![no_main]

use core::hint::black_box;

use livekit_micro::data::{Event, Incoming, Rpc, Session};
use programs::session::{Wanted, print, publish, receive, respond, send_streams, take};

programs::forever!(|frame, out| {
    let session = programs::session!(Session<Incoming<Wanted, 2>, Rpc>);
    publish(&mut session.local, out);
    send_streams(&mut session.local, out);
    if let Some(Event::Stream(part)) = session.poll(black_box(7)) {
        take(&part);
    }
    match receive(session, frame, out) {
        Some(Event::Data(data)) => print(&data),
        Some(Event::Stream(part)) => take(&part),
        Some(Event::Call(call)) => respond(session, &call, out),
        _ => {}
    }
});
