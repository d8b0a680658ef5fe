//! Every layer of a peer of WebRTC, and the whole, on bytes that could be anything.

#[cfg(not(feature = "peer-rustcrypto"))]
mod chip;
mod layers;
#[cfg(feature = "peer-rustcrypto")]
mod software;
mod texts;

use core::hint::black_box;
use core::net::{Ipv6Addr, SocketAddr};

use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::peer::{Event, Memory};
use livekit_micro_peer::sctp::{Delivery, Reliability, Slot};
use livekit_micro_peer::sdp::{self, Description};
use livekit_micro_peer::{Datagram, Peer};

#[cfg(not(feature = "peer-rustcrypto"))]
use chip::{Cryptography, PrivateKey, cryptography, key};
#[cfg(feature = "peer-rustcrypto")]
use software::{Cryptography, PrivateKey, cryptography, key};

/// What a connection needs of memory.
struct Buffers {
    handshake: [u8; 1024],
    send: [u8; 1024],
    receive: [u8; 1024],
    slots: [Slot; 2],
    datagram: [u8; 512],
}

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

fn address() -> SocketAddr {
    match black_box(0) {
        0 => SocketAddr::new(black_box([127, 0, 0, 1]).into(), black_box(7)),
        _ => SocketAddr::new(Ipv6Addr::from(black_box([1u8; 16])).into(), black_box(7)),
    }
}

fn fill(to: &mut [u8], from: &[u8]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

impl Buffers {
    const fn new() -> Self {
        Self {
            handshake: [0; 1024],
            send: [0; 1024],
            receive: [0; 1024],
            slots: [const { Slot::new() }; 2],
            datagram: [0; 512],
        }
    }

    /// Memory of any length, as far as the optimiser knows, and a datagram.
    fn split(&mut self) -> (Memory<'_>, &mut [u8]) {
        let Self { handshake, send, receive, slots, datagram } = self;
        let memory = Memory {
            handshake: black_box(handshake),
            send: black_box(send),
            receive: black_box(receive),
            slots: black_box(slots),
        };
        (memory, black_box(datagram))
    }
}
