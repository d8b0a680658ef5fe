//! All that a session does: user packets, calls of both versions both ways, streams both ways, through a window as
//! well, and packets that are kept for a resume.
#![no_std]
#![no_main]

use core::hint::black_box;

use livekit_micro::data::{Event, Incoming, PerformRpc, Resend, RpcV2, Session};
use programs::session::{
    Wanted, print, publish, receive, receive_window, respond, send_streams, take,
};

programs::forever!(|frame, out| {
    let session = programs::session!(Session<Incoming<Wanted, 2>, RpcV2<2>, Resend<2048>>);
    publish(&mut session.local, out);
    send_streams(&mut session.local, out);
    let (destination_identity, method, payload) = black_box(("panel", "show", "21.5"));
    let call = PerformRpc {
        destination_identity,
        method,
        payload,
        client_protocol: black_box(2),
        ..PerformRpc::default()
    };
    black_box(session.perform_rpc(&call, black_box([1; 16]), black_box(7), out).ok());
    if let Some(event) = session.poll(black_box(7)) {
        black_box(event);
    }
    for frame in session.resume(black_box(7)) {
        black_box(frame);
    }
    receive_window(session, frame);
    match receive(session, frame, out) {
        Some(Event::Data(data)) => print(&data),
        Some(Event::Stream(part)) => take(&part),
        Some(Event::Call(call)) => respond(session, &call, out),
        Some(Event::Answer(answer)) => _ = black_box(answer),
        _ => {}
    }
});
