//! User packets are published and received.
#![no_std]
#![no_main]

use livekit_micro::data::{Event, Session};
use programs::session::{print, publish, receive};

programs::forever!(|frame, out| {
    let session = programs::session!(Session);
    publish(&mut session.local, out);
    if let Some(Event::Data(data)) = receive(session, frame, out) {
        print(&data);
    }
});
