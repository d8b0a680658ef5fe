//! Each layer by itself.

use core::hint::black_box;

use livekit_micro_peer::channel::{Channels, Role};
use livekit_micro_peer::dtls::{Client, Identity};
use livekit_micro_peer::ice::{self, Agent, Candidate, Credentials, Timing};
use livekit_micro_peer::sctp::{Association, Config, Cursor};
use livekit_micro_peer::stun::{Class, Message, Writer, is_stun};

use super::{Buffers, Cryptography, PrivateKey, address, cryptography, delivery, fill};

pub fn stun(bytes: &[u8], out: &mut [u8]) -> Option<()> {
    black_box(is_stun(bytes));
    if let Some(message) = Message::read(bytes) {
        black_box((message.class(), message.id(), message.priority(), message.error_code()));
        black_box((message.attributes().count(), message.get(black_box(7))));
        black_box((message.mapped_address(), message.unknown().count()));
        black_box(message.is_authentic(&mut cryptography(), bytes));
    }
    let mut writer = Writer::new(out, black_box(Class::Request), black_box(&[1; 12]));
    writer.attribute(black_box(7), black_box(&[bytes, bytes]));
    writer.mapped_address(address());
    writer.error_code(black_box(487));
    black_box(writer.finish(&mut cryptography(), bytes));
    Some(())
}

pub fn agent(bytes: &[u8], out: &mut [u8]) -> Option<()> {
    let mut agent = Agent::<2>::new();
    let text = core::str::from_utf8(bytes).unwrap_or("user");
    let local = Credentials::generate(&mut cryptography());
    let remote = Credentials::new(text, text).ok()?;
    while black_box(true) {
        let now = black_box(5);
        match black_box(bytes.len()) {
            0 => {
                let role = black_box(ice::Role::Controlled);
                agent.start(&mut cryptography(), role, &local, &remote, timing(), now);
            }
            1 => agent.restart(&mut cryptography(), &local, &remote, now),
            2 => _ = black_box(agent.add_remote(&Candidate::host(address()))),
            3 => _ = black_box(agent.input(&mut cryptography(), address(), bytes, now)),
            4 => _ = black_box(agent.expired(now)),
            5 => _ = black_box(agent.poll(&mut cryptography(), now, out)),
            _ => _ = black_box((agent.poll_in(now), agent.selected(), agent.role())),
        }
    }
    Some(())
}

pub fn client(
    bytes: &'static [u8],
    key: &'static PrivateKey,
    buffers: &'static mut Buffers,
    out: &mut [u8],
) -> Option<()> {
    let (memory, datagram) = buffers.split();
    let mut client = Client::<Cryptography>::new(memory.handshake);
    while black_box(true) {
        let now = black_box(5);
        match black_box(bytes.len()) {
            0 => {
                let identity = Identity { certificate: bytes, key };
                client.start(&mut cryptography(), identity, black_box([1; 32]), now);
            }
            1 => {
                fill(datagram, bytes);
                let mut at = 0;
                while let Some(text) = client.input(&mut cryptography(), datagram, &mut at, now) {
                    black_box(text);
                }
            }
            2 => _ = black_box(client.poll(&mut cryptography(), now, out)),
            3 => _ = black_box(client.seal(&mut cryptography(), out, black_box(7))),
            4 => client.set_mtu(black_box(7)),
            5 => client.set_record_limit(black_box(7)),
            6 => client.close(),
            _ => _ = black_box((client.poll_in(now), client.state())),
        }
    }
    Some(())
}

pub fn association(bytes: &[u8], buffers: &'static mut Buffers, out: &mut [u8]) -> Option<()> {
    let (memory, _) = buffers.split();
    let mut association = Association::<2>::new(memory.send, memory.receive, memory.slots);
    while black_box(true) {
        let now = black_box(5);
        match black_box(bytes.len()) {
            0 => association.start(&mut cryptography(), &config()),
            1 => association.connect(&mut cryptography(), &config()),
            2 => {
                let mut cursor = Cursor::new();
                while let Some(event) = association.input(bytes, &mut cursor, now) {
                    black_box(&event);
                }
            }
            3 => _ = black_box(association.poll(now, out)),
            4 => _ = black_box(&association.event()),
            5 => {
                let (stream, ppid) = black_box((7, 53));
                let parts = black_box([bytes, bytes]);
                black_box(association.send(stream, ppid, delivery(), &parts, now).is_ok());
            }
            6 => association.close(),
            7 => association.abort(),
            8 => _ = black_box(association.reset_stream(black_box(7))),
            _ => {
                black_box((association.poll_in(now), association.is_connected()));
                black_box((association.free(), association.unacknowledged(black_box(7))));
                black_box((association.statistics(), association.resetting(black_box(7))));
            }
        }
    }
    Some(())
}

pub fn channels(bytes: &[u8], buffers: &'static mut Buffers, out: &mut [u8]) -> Option<()> {
    let (memory, _) = buffers.split();
    let mut channels = Channels::<2>::new(memory.send, memory.receive, memory.slots);
    let text = core::str::from_utf8(bytes).unwrap_or("label");
    while black_box(true) {
        let now = black_box(5);
        match black_box(bytes.len()) {
            0 => channels.start(&mut cryptography(), &config(), black_box(Role::Client)),
            1 => channels.connect(&mut cryptography(), &config(), black_box(Role::Server)),
            2 => {
                let mut cursor = Cursor::new();
                while let Some(event) = channels.input(bytes, &mut cursor, now) {
                    black_box(&event);
                }
            }
            3 => _ = black_box(channels.poll(now, out)),
            4 => _ = black_box(&channels.event(now)),
            5 => _ = black_box(channels.open(text, text, delivery(), now)),
            6 => _ = black_box(channels.send(black_box(7), black_box(&[bytes, bytes]), now)),
            7 => _ = black_box(channels.send_text(black_box(7), text, now)),
            8 => channels.close(black_box(7)),
            9 => channels.shut_down(),
            10 => channels.abort(),
            _ => {
                black_box((channels.poll_in(now), channels.is_connected(), channels.free()));
                black_box((channels.label(black_box(7)), channels.unacknowledged(black_box(7))));
                black_box(channels.statistics());
            }
        }
    }
    Some(())
}

/// Values that could be any.
pub fn timing() -> Timing {
    Timing { consent_ms: black_box(7), fail_ms: black_box(7) }
}

fn config() -> Config {
    let [local_port, remote_port, packet, rto_initial_ms] = black_box([7; 4]);
    let [rto_min_ms, rto_max_ms, heartbeat_ms] = black_box([7; 3]);
    let max_retransmissions = black_box(7);
    Config {
        local_port,
        remote_port,
        packet,
        rto_initial_ms,
        rto_min_ms,
        rto_max_ms,
        max_retransmissions,
        heartbeat_ms,
    }
}
