//! User packets are published and received, calls of both versions are answered.
#![no_std]
#![no_main]

use livekit_micro::data::{Event, RpcV2, Session};
use programs::session::{print, publish, receive, respond};

programs::forever!(|frame, out| {
    let session = programs::session!(Session<(), RpcV2>);
    publish(&mut session.local, out);
    match receive(session, frame, out) {
        Some(Event::Data(data)) => print(&data),
        Some(Event::Call(call)) => respond(session, &call, out),
        _ => {}
    }
});
