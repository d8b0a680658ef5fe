//! What the programs with a peer have in common: a whole connection, whatever the other does.

use core::hint::black_box;
use core::net::SocketAddr;

use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::peer::Memory;
use livekit_micro_peer::sctp::{Delivery, Slot};
use livekit_micro_peer::sdp::{self, Description};
use livekit_micro_peer::{Crypto, Datagram, Event, Peer};

/// The memory of a device with 4 KB each way and four slots.
pub const HANDSHAKE_BYTES: usize = 1024;
pub const BUFFER_BYTES: usize = 4096;
pub const SLOTS: usize = 4;

static mut HANDSHAKE: [u8; HANDSHAKE_BYTES] = [0; HANDSHAKE_BYTES];
static mut SEND: [u8; BUFFER_BYTES] = [0; BUFFER_BYTES];
static mut RECEIVE: [u8; BUFFER_BYTES] = [0; BUFFER_BYTES];
static mut STORE: [Slot; SLOTS] = [const { Slot::new() }; SLOTS];

/// What has arrived.
pub static mut DATAGRAM: [u8; 1500] = [0; 1500];

/// Where all of it is.
///
/// # Safety
/// Once in a program.
pub unsafe fn memory() -> Memory<'static> {
    let (handshake, send, receive, slots) =
        (&raw mut HANDSHAKE, &raw mut SEND, &raw mut RECEIVE, &raw mut STORE);
    // SAFETY: said above.
    unsafe {
        Memory {
            handshake: &mut *handshake,
            send: &mut *send,
            receive: &mut *receive,
            slots: &mut *slots,
        }
    }
}

/// A turn of a device that offers, answers nothing, opens two channels, sends and receives.
#[inline(always)]
pub fn turn<C: Crypto>(
    peer: &mut Peer<'static, C>,
    certificate: &'static [u8],
    key: &'static C::PrivateKey,
    datagram: &mut [u8],
    out: &mut [u8],
) {
    let now = black_box(5);
    let identity = Identity { certificate, key };
    black_box(peer.create_offer(identity, &[], out).is_ok());
    let text = black_box("v=0");
    if let Ok(answer) = Description::read(text) {
        black_box(peer.accept_answer(&answer, now).is_ok());
        for line in answer.candidates() {
            if let Ok(candidate) = sdp::candidate_v4(line) {
                black_box(peer.add_ice_candidate(&candidate).is_ok());
            }
        }
    }
    for (label, delivery) in [("_reliable", Delivery::RELIABLE), ("_lossy", Delivery::LOSSY)] {
        black_box(peer.open(label, delivery, now).is_ok());
    }
    black_box(peer.send(black_box(0), &[black_box(&[1, 2, 3])], now).is_ok());
    let from: SocketAddr = SocketAddr::new(black_box([127, 0, 0, 1]).into(), black_box(7));
    let mut datagram = Datagram::new(from, datagram);
    while let Some(event) = peer.receive(&mut datagram, now) {
        take(&event);
    }
    while let Some(sent) = peer.poll(now, out) {
        black_box(sent);
    }
    while let Some(event) = peer.event(now) {
        take(&event);
    }
    black_box(peer.poll_in(now));
    if black_box(false) {
        peer.close();
    }
}

fn take(event: &Event<'_>) {
    match event {
        Event::Message { channel, data, .. } => _ = black_box((channel, data)),
        Event::Opened { channel, label, .. } => _ = black_box((channel, label)),
        Event::Ended(error) => _ = black_box(error),
        _ => {}
    }
}
