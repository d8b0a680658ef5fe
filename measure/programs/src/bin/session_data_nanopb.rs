//! As session_data, by hand on nanopb.
#![no_std]
#![no_main]

use core::hint::black_box;

use programs::codec::session::Session;

programs::forever!(|frame, out| {
    // SAFETY: a program has one thread, and one that lives at a time.
    let mut session = unsafe { Session::new() };
    let (topic, payload) = black_box((c"temperature", &[1, 2, 3]));
    black_box(session.local.publish(topic, payload, out));
    let (is_reliable, now) = black_box((true, 5));
    let local = &mut session.local;
    if let Some(event) = session.remote.receive(local, is_reliable, frame, now, out) {
        black_box(event.replies());
        if let Some(data) = event.data() {
            black_box((event.from, data.topic, data.payload()));
        }
    }
});
