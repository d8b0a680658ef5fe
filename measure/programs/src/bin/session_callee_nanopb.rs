//! As session_callee, by hand on nanopb.
#![no_std]
#![no_main]

use core::hint::black_box;

use programs::codec::session::{Error, Session};

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
        if let Some(call) = event.call() {
            let result = if call.method.is(c"led") {
                Ok(black_box(c"on"))
            } else {
                Err(&Error {
                    code: 1400,
                    message: c"Method not supported at destination".into(),
                    data: c"".into(),
                })
            };
            black_box(local.respond(event.from, call.request_id, result, out));
        }
    }
});
