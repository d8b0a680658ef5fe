//! A whole peer on RustCrypto.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::mem::MaybeUninit;

use livekit_micro_peer::crypto::PrivateKey;
use livekit_micro_peer::{Peer, RustCrypto};
use programs::peer::{DATAGRAM, memory, turn};

type Crypto = RustCrypto<fn(&mut [u8])>;

fn random(bytes: &mut [u8]) {
    black_box(bytes);
}

programs::forever!(|certificate, out| {
    // Not an `Option`, whose `None` is not zero: the peer would take flash.
    static mut PEER: MaybeUninit<Peer<'static, Crypto>> = MaybeUninit::uninit();
    static mut KEY: Option<PrivateKey> = None;
    let (peer, key, datagram) = (&raw mut PEER, &raw mut KEY, &raw mut DATAGRAM);
    // SAFETY: a program has one thread, and takes them once in its loop.
    let (peer, key, datagram) = unsafe { (&mut *peer, &mut *key, &mut *datagram) };
    *key = PrivateKey::from_bytes(black_box(&[1; 32]));
    // SAFETY: once, too.
    let peer = peer.write(Peer::new(RustCrypto::new(random), unsafe { memory() }));
    if let Some(key) = key {
        turn(peer, certificate, key, datagram, out);
    }
});
