//! Instructions and stack of what a peer asks of its cryptography, here RustCrypto's.
//!
//! Prints a figure a line: its kind, what is done, a number, with a bar between them.
#![no_std]
#![no_main]

use core::hint::black_box;

use emulator::semihosting::{exit, print, print_number};
use emulator::stack;
use livekit_micro_peer::crypto::Sha256;
use livekit_micro_peer::{Crypto, RustCrypto};
use programs::ticks;

programs::may_panic!(); // as its assertions can

fn row(name: &str, call: &mut dyn FnMut()) {
    let instructions = ticks::of(call);
    let bytes = stack::of(&mut *call).1.saturating_sub(stack::of(|| {}).1);
    for (kind, number) in [("instructions|", instructions), ("stack|", bytes)] {
        [kind, name, "|"].into_iter().for_each(print);
        print_number(number);
        print("\n");
    }
}

/// Bytes that look random; not the time that making random ones takes.
fn random(bytes: &mut [u8]) {
    for (at, byte) in (0u8..).zip(bytes) {
        *byte = at.wrapping_mul(167).wrapping_add(89);
    }
}

/// What is done in each handshake, in its order, then what is done with each packet.
fn measure<C: Crypto>(crypto: &mut C) {
    let (key, public) = crypto.generate();
    let digest = black_box([7; 32]);
    row("generate", &mut || _ = black_box(crypto.generate().1));
    row("agree", &mut || assert!(crypto.agree(&key, black_box(&public)).is_some()));
    let mut signature = None;
    row("sign", &mut || signature = crypto.sign(&key, &digest));
    let signature = signature.expect("it signs");
    row("verify", &mut || assert!(crypto.verify(&public, &digest, &signature)));
    row("AES key", &mut || _ = black_box(crypto.aes_gcm(&[5; 16])));

    let key = crypto.aes_gcm(&[5; 16]);
    let (nonce, aad, mut data) = (black_box([1; 12]), black_box([2; 13]), black_box([3; 1200]));
    for (seal, open, len) in
        [("seal 100 B", "open 100 B", 100), ("seal 1200 B", "open 1200 B", 1200)]
    {
        let data = &mut data[..len];
        row(seal, &mut || _ = black_box(crypto.seal(&key, &nonce, &aad, data)));
        // Opened, it is of use once; here it is refused the second time, which takes less stack than opening.
        let tag = crypto.seal(&key, &nonce, &aad, data);
        row(open, &mut || _ = black_box(crypto.open(&key, &nonce, &aad, data, &tag)));
    }
    row("HMAC-SHA1 100 B", &mut || _ = black_box(crypto.hmac_sha1(&[4; 24], &[&data[..100]])));
    row("HMAC-SHA256 77 B", &mut || _ = black_box(crypto.hmac_sha256(&[4; 48], &[&data[..77]])));
    row("SHA-256 1024 B", &mut || {
        let mut hash = C::Sha256::new();
        hash.update(&data[..1024]);
        black_box(hash.finish());
    });
}

#[cortex_m_rt::entry]
fn main() -> ! {
    ticks::start();
    measure(&mut RustCrypto::new(random));
    exit(true)
}
