//! What the peer and the participant have in common: cryptography, and memory.

#[cfg(not(any(feature = "peer-rustcrypto", feature = "participant-rustcrypto")))]
mod chip;
#[cfg(any(feature = "peer-rustcrypto", feature = "participant-rustcrypto"))]
mod software;

#[cfg(not(any(feature = "peer-rustcrypto", feature = "participant-rustcrypto")))]
pub use chip::{Cryptography, PrivateKey, cryptography, key};
#[cfg(any(feature = "peer-rustcrypto", feature = "participant-rustcrypto"))]
pub use software::{Cryptography, PrivateKey, cryptography, key};

use core::hint::black_box;
use core::net::{Ipv6Addr, SocketAddr};

use livekit_micro_peer::peer::Memory;
use livekit_micro_peer::sctp::Slot;

/// What a connection needs of memory.
pub struct Buffers {
    pub handshake: [u8; 1024],
    pub send: [u8; 1024],
    pub receive: [u8; 1024],
    pub slots: [Slot; 2],
    pub datagram: [u8; 512],
}

pub fn address() -> SocketAddr {
    match black_box(0) {
        0 => SocketAddr::new(black_box([127, 0, 0, 1]).into(), black_box(7)),
        _ => SocketAddr::new(Ipv6Addr::from(black_box([1u8; 16])).into(), black_box(7)),
    }
}

pub fn fill(to: &mut [u8], from: &[u8]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

impl Buffers {
    pub const fn new() -> Self {
        Self {
            handshake: [0; 1024],
            send: [0; 1024],
            receive: [0; 1024],
            slots: [const { Slot::new() }; 2],
            datagram: [0; 512],
        }
    }

    /// Memory of any length, as far as the optimiser knows, and a datagram.
    pub fn split(&mut self) -> (Memory<'_>, &mut [u8]) {
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
