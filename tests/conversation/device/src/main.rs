//! A device in a room: `livekit_micro::participant::Participant` over sockets of the host.
//!
//! ```text
//! conversation-device URL TOKEN
//! ```
//!
//! | in the environment | |
//! |---|---|
//! | `CLIENT_PROTOCOL` | what it announces: 0, for RPC version 1, or 2 |
//! | `DEFLATE=1` | it reads compressed streams |
//! | `PASSPHRASE`, `DERIVATION` | it encrypts; how the key is made of it: `pbkdf2` or `hkdf` |
//! | `RECEIVE` | the longest packet that it takes whole, in bytes |
//! | `ATTEMPTS` | how often it connects again before it gives up |
//! | `CLOCK` | what its clock says at the start, in milliseconds |
//! | `TRANSPORT=tcp` | ICE over TCP |
//! | `LOSS`, `DUPLICATE`, `REORDER`, `SEED` | what happens to so many of 1 000 datagrams, either way |
//!
//! Commands come on stdin, a line of JSON each; responses and events go to stdout. tests/conversation/README.md
//! has the lines, which are the same for every participant of the tests. At the end of stdin it leaves the room.

mod calls;
mod command;
mod conversation;
mod device;
mod faults;
mod heard;
mod incoming;
mod net;
mod outbox;
mod outgoing;
mod tell;
mod tracks;

use std::io::{BufRead as _, stdin};
use std::time::{Duration, Instant};
use std::{env, thread};

use conversation::{Conversation, Crypto, Seal, SetKey, StreamRpc, encryption};
use device::Device;
use faults::variable;
use livekit_micro::data::{Encryption, MAX_FRAME_BYTES, Session};
use livekit_micro::participant::peer::certificate::{SELF_SIGNED_BYTES, self_signed};
use livekit_micro::participant::peer::dtls::Identity;
use livekit_micro::participant::peer::ice::Transport;
use livekit_micro::participant::peer::sctp::Slot;
use livekit_micro::participant::peer::{self, Crypto as _, RustCrypto};
use livekit_micro::participant::{DataPlane, JoinConfig, Memory, Participant};
use livekit_micro::signal::ServerUrl;
use net::{Arrived, Net};

fn main() {
    let passphrase = env::var("PASSPHRASE").unwrap_or_default();
    let is_v2 = match variable("CLIENT_PROTOCOL").unwrap_or(0) {
        0 => false,
        2 => true,
        other => panic!("a participant announces 0 or 2, not {other}"),
    };
    match (is_v2, is_set("DEFLATE", "1"), passphrase.as_str()) {
        (false, false, "") => run::<false, false, _>(()),
        (false, true, "") => run::<false, true, _>(()),
        (true, false, "") => run::<true, false, _>(()),
        (true, true, "") => run::<true, true, _>(()),
        (false, _, it) => run::<false, false, _>(encryption(it)),
        (true, _, it) => run::<true, false, _>(encryption(it)),
    }
}

fn is_set(name: &str, wanted: &str) -> bool {
    env::var(name).is_ok_and(|value| value == wanted)
}

/// Memory for as long as the program runs. A firmware has it in statics.
fn memory<T>(len: usize, item: impl FnMut() -> T) -> &'static mut [T] {
    std::iter::repeat_with(item).take(len).collect::<Vec<_>>().leak()
}

fn bytes(len: usize) -> &'static mut [u8] {
    memory(len, || 0)
}

/// Joins, and does what it is told until it has left. In a turn comes first all that has arrived, then what time has
/// brought: a call does not time out whose response waits to be read.
fn run<const V2: bool, const DEFLATE: bool, E: Encryption>(encryption: E)
where
    Conversation<V2, DEFLATE, E>: DataPlane + StreamRpc + SetKey + Seal,
{
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [url, token] = &*arguments.leak() else { panic!("conversation-device URL TOKEN") };
    let url = ServerUrl::parse(url).expect("a URL");
    let mut crypto: Crypto = RustCrypto::new(fastrand_fill);
    let (key, public_key) = crypto.generate();
    let certificate = self_signed(&mut crypto, &key, &public_key, bytes(SELF_SIGNED_BYTES));
    let certificate = certificate.expect("it fits");
    let memory = Memory {
        peer: peer::Memory {
            handshake: bytes(2048),
            send: bytes(16_384),
            receive: bytes(variable("RECEIVE").unwrap_or(131_072)),
            slots: memory(32, Slot::new),
        },
        signal: bytes(4096),
        token: bytes(4096),
        frame: bytes(MAX_FRAME_BYTES),
        request: bytes(1024),
    };
    let mut participant = Participant::new(crypto, Session::with_encryption(encryption), memory);
    let identity = Identity { certificate, key: Box::leak(Box::new(key)) };
    let mut config = JoinConfig::new(url, identity);
    if variable::<usize>("RECEIVE").is_some() {
        // Longer ones than its memory takes come in parts.
        config.longest_packet = MAX_FRAME_BYTES;
    }
    config.data_tracks = true;
    config.attempts = variable("ATTEMPTS").unwrap_or(config.attempts);
    if is_set("TRANSPORT", "tcp") {
        config.transport = Transport::Tcp;
    }
    let net = Net::new(&url, config.transport);
    commands(&net);
    let (start, clock) = (Instant::now(), variable("CLOCK").unwrap_or(0));
    let now_ms = || clock + start.elapsed().as_millis() as u64;
    participant.join(config, token, now_ms()).expect("a token");

    let mut device = Device::new(participant, net);
    while !device.turn(now_ms()) {
        let idle = device.idle(now_ms());
        let mut arrived = device.net.arrived(idle);
        while let Some(it) = arrived {
            device.arrived(it, now_ms());
            arrived = device.net.arrived(Duration::ZERO);
        }
    }
}

/// Not for secrets: nothing here is one.
fn fastrand_fill(bytes: &mut [u8]) {
    fastrand::Rng::new().fill(bytes);
}

/// Passes the commands on.
fn commands(net: &Net) {
    let to = net.inputs();
    thread::spawn(move || {
        for line in stdin().lock().lines() {
            let line = line.expect("stdin is UTF-8");
            let command =
                serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            if to.send((0, Arrived::Command(command))).is_err() {
                return;
            }
        }
        // If nobody listens, the device has ended.
        let _ = to.send((0, Arrived::Leave));
    });
}
