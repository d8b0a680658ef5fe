//! Every layer of a peer of WebRTC, and the whole, on bytes that could be anything.

mod layers;
mod texts;

use core::hint::black_box;

use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::peer::Event;
use livekit_micro_peer::sctp::{Delivery, Reliability};
use livekit_micro_peer::sdp::{self, Description};
use livekit_micro_peer::{Datagram, Peer};

use crate::parts::{Buffers, Cryptography, PrivateKey, address, cryptography, fill, key};

/// Takes `bytes` for whatever can arrive; returns how many steps succeeded.
#[expect(clippy::deref_addrof, reason = "references to statics that can be changed are refused")]
pub fn exercise(bytes: &'static [u8], out: &mut [u8]) -> usize {
    static mut PEER: Option<Peer<'static, Cryptography>> = None;
    static mut BUFFERS: [Buffers; 4] = [const { Buffers::new() }; 4];
    // SAFETY: called once.
    let (peer, buffers) = unsafe { (&mut *(&raw mut PEER), &mut *(&raw mut BUFFERS)) };
    let [whole, client, association, channels] = buffers;
    let bytes = black_box(bytes);
    let Some(key) = key() else { return 0 };
    let mut steps = 0usize;
    let mut done = |is_done: bool| steps = steps.wrapping_add(usize::from(is_done));
    done(texts::exercise(bytes, key, out).is_some());
    done(layers::stun(bytes, out).is_some());
    done(layers::agent(bytes, out).is_some());
    done(layers::client(bytes, key, client, out).is_some());
    done(layers::association(bytes, association, out).is_some());
    done(layers::channels(bytes, channels, out).is_some());
    let (memory, datagram) = whole.split();
    fill(datagram, bytes);
    done(
        connection(peer.insert(Peer::new(cryptography(), memory)), bytes, key, datagram, out)
            .is_some(),
    );
    steps
}

/// A whole peer, in every order in which it can be called.
fn connection(
    peer: &mut Peer<'static, Cryptography>,
    bytes: &'static [u8],
    key: &'static PrivateKey,
    datagram: &mut [u8],
    out: &mut [u8],
) -> Option<()> {
    let text = core::str::from_utf8(bytes).unwrap_or("v=0");
    while black_box(true) {
        let now = black_box(5);
        let identity = || Identity { certificate: bytes, key };
        match black_box(bytes.len()) {
            0 => _ = black_box(peer.create_offer(identity(), black_box(&[text]), out)),
            1 => {
                let answer = Description::read(text).ok()?;
                black_box(peer.accept_answer(&answer, now).is_ok());
                for line in answer.candidates() {
                    let Ok(candidate) = sdp::candidate(line) else { continue };
                    black_box(peer.add_ice_candidate(&candidate).is_ok());
                }
            }
            2 => {
                let offer = Description::read(text).ok()?;
                black_box(peer.create_answer(identity(), &offer, &[text], out, now).is_ok());
            }
            3 => {
                let mut arrived = Datagram::new(address(), datagram);
                while let Some(event) = peer.receive(&mut arrived, now) {
                    seen(&event);
                }
                peer.message(&mut arrived).fill(1);
                fill(datagram, bytes);
            }
            4 => _ = black_box(peer.poll(now, out)),
            5 => seen(&peer.event(now)?),
            6 => _ = black_box(peer.open(text, delivery(), now)),
            7 => _ = black_box(peer.send(black_box(7), black_box(&[bytes, bytes]), now)),
            8 => _ = black_box(peer.send_text(black_box(7), text, now)),
            9 => peer.close_channel(black_box(7)),
            10 => peer.close(),
            11 => peer.set_mtu(black_box(7)),
            12 => peer.set_timing(layers::timing()),
            _ => {
                black_box((peer.poll_in(now), peer.free(), peer.selected(), peer.statistics()));
                black_box((peer.unacknowledged(black_box(7)), peer.label(black_box(7))));
            }
        }
    }
    Some(())
}

fn seen(event: &Event<'_>) {
    match event {
        Event::Message { data, .. } => _ = black_box(data),
        Event::Opened { label, .. } => _ = black_box(label),
        event => _ = black_box(event),
    }
}

fn delivery() -> Delivery {
    let reliability = match black_box(0) {
        0 => Reliability::Reliable,
        1 => Reliability::Retransmits(black_box(7)),
        _ => Reliability::Lifetime(black_box(7)),
    };
    Delivery { reliability, unordered: black_box(true) }
}
