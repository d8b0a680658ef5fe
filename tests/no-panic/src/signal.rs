//! Signalling, on bytes of a server that could be anything.

use core::hint::black_box;

use livekit_micro::borrowed::signal_request::Message;
use livekit_micro::borrowed::{ReconnectReason, SignalRequest, UpdateParticipantMetadata};
use livekit_micro::signal::{Connect, Event, JoinOptions, ServerUrl, SignalClient};

/// Takes `bytes` for whatever can arrive; returns how many steps succeeded.
#[expect(clippy::deref_addrof, reason = "references to statics that can be changed are refused")]
pub fn exercise(bytes: &'static [u8], out: &mut [u8]) -> usize {
    static mut BUFFERS: [[u8; 256]; 2] = [[0; 256]; 2];
    // SAFETY: called once.
    let [buf, token] = unsafe { &mut *(&raw mut BUFFERS) };
    let mut client = SignalClient::new(black_box(buf), black_box(token));
    client_of(&mut client, black_box(bytes), out).unwrap_or_default()
}

/// A client, in every order in which it can be called.
#[inline(never)]
fn client_of(client: &mut SignalClient<'_>, bytes: &'static [u8], out: &mut [u8]) -> Option<usize> {
    let text = core::str::from_utf8(bytes).unwrap_or("ws://host");
    let mut steps = 0usize;
    // The program that runs ends; the optimiser knows of no end.
    while black_box(steps < 8) {
        steps = steps.wrapping_add(1);
        let (now, mask) = black_box((5, [1; 4]));
        match black_box(steps) {
            1 => _ = black_box(client.set_token(text)),
            2 => {
                let url = ServerUrl::parse(text).unwrap_or(URL);
                let (offer_id, reason) = black_box((7, ReconnectReason::RrUnknown));
                let connect = match black_box(0) {
                    0 => Connect::Join { offer: text, offer_id },
                    _ => Connect::Resume { sid: text, reason },
                };
                let random = black_box(&[1; 16]);
                black_box(client.connect(&url, connect, &options(text), random, now, out).is_ok());
            }
            3 => {
                let mut rest = bytes;
                while let Ok(Some(event)) = client.receive(&mut rest, now) {
                    seen(&event);
                }
                black_box(rest);
            }
            4 => _ = black_box(client.poll(now, mask, out)),
            5 => {
                let update = UpdateParticipantMetadata {
                    metadata: text,
                    ..UpdateParticipantMetadata::new()
                };
                let message = Some(Message::UpdateMetadata((&update).into()));
                black_box(client.request(&SignalRequest { message }, mask, out).is_ok());
            }
            6 => _ = black_box(client.leave(mask, out)),
            7 => client.closed(),
            _ => {
                black_box((client.poll_in(now), client.is_open(), client.token()));
                black_box(client.round_trip_ms());
            }
        }
    }
    Some(steps)
}

const URL: ServerUrl<'_> =
    ServerUrl { is_tls: false, authority: "host", host: "host", port: 80, path: "" };

/// What a device says of itself.
fn options(text: &'static str) -> JoinOptions<'static> {
    const ATTRIBUTES: &[(&str, &str)] = &[("key", "value"), ("empty", "")];
    let (is_old_server, reads_deflate, auto_subscribe_data_track) = black_box((false, true, true));
    JoinOptions {
        client_protocol: black_box(2),
        is_old_server,
        reads_deflate,
        auto_subscribe_data_track,
        device_model: text,
        version: text,
        metadata: text,
        attributes: black_box(ATTRIBUTES),
    }
}

fn seen(event: &Event<'_>) {
    if let Event::Participant { info, .. } = event {
        black_box((info.attributes.get("key"), info.identity));
    }
    black_box(event);
}
