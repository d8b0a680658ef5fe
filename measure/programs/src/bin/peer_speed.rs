//! Instructions and stack of what a peer does in a connection that was recorded, and its memory.
//!
//! Prints a figure a line: its kind, what is done, a number, with a bar between them.
#![no_std]
#![no_main]

use core::mem::size_of;

use emulator::semihosting::{exit, print, print_number};
use emulator::stack;
use livekit_micro_peer::channel::Channels;
use livekit_micro_peer::crypto::PrivateKey;
use livekit_micro_peer::dtls::{Client, Identity};
use livekit_micro_peer::ice::Agent;
use livekit_micro_peer::sctp::Slot;
use livekit_micro_peer::{Crypto, Peer, RustCrypto};
use measure_handshake::{Device, KEY, MESSAGES, MTU, Meter, RECORDING, Recording, Work, random};
use programs::peer::{BUFFER_BYTES, DATAGRAM, HANDSHAKE_BYTES, SLOTS, memory};
use programs::ticks;

programs::may_panic!(); // as its assertions can

/// What a call takes, or the most that several take.
#[derive(Clone, Copy, Default)]
struct Cost {
    instructions: usize,
    stack: usize,
}

/// What was measured so far.
#[derive(Default)]
struct Measured {
    /// The last call.
    last: Cost,
    /// The last message that was sent, whose packet was not made yet.
    given: Option<Cost>,
    /// All calls, and the longest poll and input, until the peer is connected.
    all: usize,
    poll: Cost,
    input: Cost,
    /// Afterwards, of packets of 1 200 B.
    received: Cost,
    sent: Cost,
    acknowledged: Cost,
}

impl Cost {
    fn raise(&mut self, other: Self) {
        self.instructions = self.instructions.max(other.instructions);
        self.stack = self.stack.max(other.stack);
    }
}

impl Meter for Measured {
    fn call(&mut self, work: Work, call: &mut dyn FnMut()) {
        let (instructions, bytes) = stack::of(|| ticks::of(call));
        let stack = bytes.saturating_sub(stack::of(|| ticks::of(&mut || ())).1);
        self.last = Cost { instructions, stack };
        self.all += instructions;
        match work {
            Work::Poll => self.poll.raise(self.last),
            Work::Input(MTU) => self.received.raise(self.last),
            Work::Input(_) => self.input.raise(self.last),
            Work::Send => self.given = Some(self.last),
            Work::Other => {}
        }
    }

    fn sent(&mut self, datagram: &[u8]) {
        match (datagram.len(), self.given.take()) {
            (MTU, Some(given)) => {
                let mut sent = self.last;
                sent.instructions += given.instructions;
                self.sent.raise(sent);
            }
            (ACKNOWLEDGEMENT, None) => self.acknowledged.raise(self.last),
            _ => {}
        }
    }
}

fn row(kind: &str, work: &str, number: usize) {
    [kind, "|", work, "|"].into_iter().for_each(print);
    print_number(number);
    print("\n");
}

fn both(work: &str, cost: Cost) {
    assert!(cost.instructions > 0, "{work} has not been done");
    row("instructions", work, cost.instructions);
    row("stack", work, cost.stack);
}

/// Plays the recording.
fn play<C: Crypto>(peer: &mut Peer<'static, C>, key: &'static C::PrivateKey) {
    let recording = Recording::read(RECORDING).expect("it is one");
    let (mut device, mut measured, mut buf) = (Device::default(), Measured::default(), [0; 600]);
    let identity = Identity { certificate: recording.certificate, key };
    device.offer(peer, identity, &mut buf);
    device.answered(peer, recording.answer);
    let mut was_connected = false;
    for turn in recording.turns {
        let datagram = &raw mut DATAGRAM;
        // SAFETY: nothing else has it.
        let datagram = unsafe { &mut (&mut *datagram)[..turn.datagram.len()] };
        datagram.copy_from_slice(turn.datagram);
        device.turn(peer, turn.now_ms, datagram, &mut measured);
        if device.is_connected && !was_connected {
            was_connected = true;
            row("instructions", "handshake", measured.all);
            both("longest poll", measured.poll);
            both("longest input", measured.input);
        }
    }
    assert!(device.is_done(peer), "{} of {MESSAGES} messages came", device.received);
    if device.sent != recording.sent {
        print(
            "the peer sends something else than when the handshake was recorded: record it anew with ",
        );
        print("`RECORD=1 cargo test -p peer-tests --test recording`\n");
        exit(false);
    }
    both("packet of 1 200 B received", measured.received);
    both("packet of 1 200 B sent", measured.sent);
    both("acknowledgement sent", measured.acknowledged);
}

/// Memory of the parts that a peer consists of, each with its buffers.
fn memory_of<C: Crypto>(_: &Peer<'static, C>) {
    let handshake = size_of::<Client<'static, C>>() + HANDSHAKE_BYTES;
    let buffers = 2 * BUFFER_BYTES + SLOTS * size_of::<Slot>();
    row("ram", "ICE and DTLS", size_of::<Agent<4>>() + handshake);
    row("ram", "SCTP and channels", size_of::<Channels<'static, 4>>() + buffers);
    row("ram", "all of a peer", size_of::<Peer<'static, C>>() + HANDSHAKE_BYTES + buffers);
}

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut PRIVATE_KEY: Option<PrivateKey> = None;
    ticks::start();
    *PRIVATE_KEY = PrivateKey::from_bytes(&KEY);
    let key = PRIVATE_KEY.as_ref().expect("it is a key");
    // SAFETY: once in the program.
    let mut peer = Peer::new(RustCrypto::new(random(2)), unsafe { memory() });
    memory_of(&peer);
    play(&mut peer, key);
    exit(true)
}

/// A SACK without gaps, in a packet and a record.
const ACKNOWLEDGEMENT: usize = 12 + 16 + 37;
