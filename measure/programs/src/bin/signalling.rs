//! Signalling by itself: joins, resumes, hears everything, says what a participant says, leaves.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::mem::MaybeUninit;

use livekit_micro::borrowed::ReconnectReason;
use livekit_micro::signal::{Connect, JoinOptions, ServerUrl, SignalClient};

static mut BUF: [u8; 1024] = [0; 1024];
static mut TOKEN: [u8; 1024] = [0; 1024];

programs::forever!(|bytes, out| {
    static mut CLIENT: MaybeUninit<SignalClient<'static>> = MaybeUninit::uninit();
    let (client, buf, token) = (&raw mut CLIENT, &raw mut BUF, &raw mut TOKEN);
    // SAFETY: a program has one thread, and takes them once in its loop.
    let (client, buf, token) = unsafe { (&mut *client, &mut *buf, &mut *token) };
    let client = client.write(SignalClient::new(buf, token));
    let now = black_box(7);
    black_box(client.set_token(black_box("token")));
    let url = ServerUrl {
        is_tls: false,
        authority: black_box("10.0.2.2:7880"),
        host: "",
        port: 0,
        path: "",
    };
    let connect = match black_box(true) {
        true => Connect::Join { offer: black_box("v=0"), offer_id: black_box(1) },
        false => {
            Connect::Resume { sid: black_box("PA_"), reason: ReconnectReason::RrSignalDisconnected }
        }
    };
    let options = JoinOptions { client_protocol: black_box(2), ..JoinOptions::default() };
    black_box(client.connect(&url, connect, &options, black_box(&[7; 16]), now, out).ok());
    let mut rest = bytes;
    while let Ok(Some(event)) = client.receive(&mut rest, now) {
        black_box(&event);
    }
    while let Ok(Some(frame)) = client.poll(now, black_box([1; 4]), out) {
        black_box(frame);
    }
    black_box(client.poll_in(now));
    black_box(client.leave(black_box([1; 4]), out));
    client.closed();
});
