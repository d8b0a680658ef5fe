//! A whole participant: a server that lets it in over signalling, and a peer behind it, both honest until an input makes
//! them lie; connections that break, time, what the device wants.
#![no_main]

mod model;
mod server;
mod turns;

use std::net::SocketAddr;

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use livekit_micro::data::{
    Channel, Data, Incoming, PerformRpc, Resend, Rpc, Session, StreamOptions, Topics,
};
use livekit_micro::participant::peer::sctp::{Association, Delivery, Slot};
use livekit_micro::participant::peer::{self, Crypto as _, dtls::Identity};
use livekit_micro::participant::{JoinConfig, Memory, Participant, SendError};
use livekit_micro::signal::ServerUrl;
use support::frames;
use support::peer::chunks::{bytes, forged};
use support::peer::fake::{Fake, Key};
use support::peer::remote::{self, Remote};

use model::Model;
use server::Server;

struct Two;

impl Topics for Two {
    const TOPICS: &'static [&'static str] = &["a", "b"];
}

type Plane = Session<Incoming<Two, 2>, Rpc<2>, Resend<256>, (), 2>;

const TOKEN: &str = "eyJh.eyJ2.c2ln";
const ATTEMPTS: u16 = 3;

fuzz_target!(|input: &[u8]| {
    let mut input = Unstructured::new(input);
    let (mut handshake, mut slots) = ([0; 600], [const { Slot::new() }; 2]);
    let (mut send, mut receive) = ([0; 1_600], [0; 600]);
    let (mut signal, mut token, mut frame, mut request) = ([0; 600], [0; 64], [0; 1_000], [0; 64]);
    let memory = Memory {
        peer: peer::Memory {
            handshake: &mut handshake,
            send: &mut send,
            receive: &mut receive,
            slots: &mut slots,
        },
        signal: &mut signal,
        token: &mut token,
        frame: &mut frame,
        request: &mut request,
    };
    let (mut send, mut receive, mut slots) = ([0; 3_000], [0; 3_000], [const { Slot::new() }; 4]);
    let mut remote = Remote::new(Association::new(&mut send, &mut receive, &mut slots));
    remote.received = Some(Vec::new());
    let mut crypto = Fake(1);
    let (key, _) = crypto.generate();
    let mut lab = Lab {
        participant: Participant::new(crypto, Plane::new(), memory),
        key: &key,
        server: Server::default(),
        remote,
        model: Model::default(),
        line: Line::Closed,
        to_device: Vec::new(),
        now_ms: (1 << 32) - 5_000,
    };
    lab.join();
    if input.arbitrary() == Ok(true) {
        lab.settle();
    }
    while !input.is_empty() && lab.step(&mut input).is_ok() {}
    lab.finish();
});

/// The connection of signalling.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Closed,
    /// The device asks for it.
    Asked,
    Open,
}

struct Lab<'a> {
    participant: Participant<'a, Fake, Plane>,
    key: &'a Key,
    server: Server,
    remote: Remote<'a>,
    model: Model,
    line: Line,
    /// Datagrams to the device.
    to_device: Vec<Vec<u8>>,
    now_ms: u64,
}

impl Lab<'_> {
    fn join(&mut self) {
        let url = ServerUrl::parse("ws://192.0.2.2").expect("it is one");
        let identity = Identity { certificate: &[7; 300], key: self.key };
        let config = JoinConfig {
            attempts: ATTEMPTS,
            longest_packet: 900,
            data_tracks: self.now_ms & 1 == 0,
            ..JoinConfig::new(url, identity)
        };
        self.participant.join(config, TOKEN, self.now_ms).expect("the token is one");
        self.model.joined();
        self.poll();
    }

    fn step(&mut self, input: &mut Unstructured) -> Result<()> {
        match input.int_in_range(0..=23)? {
            0..=2 if !self.to_device.is_empty() => {
                let at = input.choose_index(self.to_device.len())?;
                let datagram = self.to_device.remove(at);
                self.receive(remote::address(), datagram);
            }
            3 if !self.to_device.is_empty() => {
                let at = input.choose_index(self.to_device.len())?;
                self.receive(from(input)?, self.to_device[at].clone());
            }
            4 if !self.to_device.is_empty() => {
                let at = input.choose_index(self.to_device.len())?;
                self.to_device.remove(at);
            }
            5 => self.receive(from(input)?, forged(&self.to_device, input)?),
            6..=7 => self.remote.step(input, self.now_ms)?,
            8 => self.exchange(),
            9 => self.now_ms += u64::from(input.int_in_range(0..=3_000u16)?),
            10 => self.sleep(input)?,
            11 if input.ratio(1, 4)? => self.now_ms += u64::from(input.arbitrary::<u32>()?),
            12..=14 => {
                let len = match input.int_in_range(0..=3)? {
                    0 => usize::MAX,
                    _ => input.int_in_range(1..=40)?,
                };
                self.receive_signal(len);
            }
            15 => self.server.lie(input)?,
            16 => self.change_line(input)?,
            17..=19 => self.send(input)?,
            20 => {
                let frame = frames::frame(input)?;
                let (stream, delivery) = match input.int_in_range(0..=3)? {
                    0 => (2, Delivery::LOSSY),
                    1 => (input.int_in_range(0..=6)?, Delivery::RELIABLE),
                    _ => (0, Delivery::RELIABLE),
                };
                self.remote.send(stream, delivery, &frame, self.now_ms);
            }
            21 => match input.int_in_range(0..=15)? {
                0 => self.participant.leave(),
                1 => self.join(),
                _ => {}
            },
            22 => self.remote.is_deaf = input.arbitrary()?,
            23 if input.ratio(1, 4)? => self.settle(),
            _ => {}
        }
        self.poll();
        Ok(())
    }

    /// A device that sleeps as long as it is told, or is woken before: it has nothing to do then.
    fn sleep(&mut self, input: &mut Unstructured) -> Result<()> {
        let due = u64::from(self.participant.poll_in(self.now_ms).unwrap_or(1_000));
        if due > 1 && input.arbitrary()? {
            self.now_ms += input.int_in_range(1..=due - 1)?;
            let is_quiet = !self.poll_once();
            assert!(is_quiet, "it was to sleep until later");
        } else {
            self.now_ms += due;
        }
        Ok(())
    }

    fn change_line(&mut self, input: &mut Unstructured) -> Result<()> {
        let works = input.ratio(3, 4)?;
        match self.line {
            Line::Asked if works => self.open_line(),
            Line::Open if works => {}
            _ => {
                self.line = Line::Closed;
                self.participant.signal_closed(self.now_ms);
            }
        }
        Ok(())
    }

    fn open_line(&mut self) {
        self.line = Line::Open;
        self.server.opened();
        self.participant.signal_opened();
    }

    /// What the device wants: whole or not at all.
    fn send(&mut self, input: &mut Unstructured) -> Result<()> {
        let (now_ms, payload) = (self.now_ms, &bytes(input)?);
        let before = self.participant.session.local.last_sequence();
        let data = Data { payload, topic: "a", to: &[] };
        let (mut is_reliable, mut is_user) = (true, false);
        let sent = match input.int_in_range(0..=7)? {
            0..=2 => {
                is_user = true;
                self.participant.publish_data(&data, now_ms)
            }
            3 => {
                is_reliable = false;
                self.participant.publish_lossy_data(&data, now_ms)
            }
            4 => {
                let call =
                    PerformRpc { destination_identity: "participant 1", ..Default::default() };
                self.participant.perform_rpc(&call, now_ms).map(drop)
            }
            5 => {
                let options = StreamOptions { topic: "log", ..StreamOptions::default() };
                self.participant.send(Channel::Reliable, now_ms, |session, buf| {
                    session.local.stream_bytes(&options, [1; 16], buf).map(|(_, frame)| ((), frame))
                })
            }
            6 => {
                is_reliable = false;
                let value = &"value of an attribute"[..input.int_in_range(0..=21)?];
                self.participant.set_attributes(&[("key", value)]).map(drop)
            }
            _ => {
                is_reliable = false;
                self.participant
                    .set_metadata("metadata ".repeat(input.int_in_range(0..=9)?).as_str())
                    .map(drop)
            }
        };
        let after = self.participant.session.local.last_sequence();
        match sent {
            Ok(()) => {
                assert_eq!(after, before + u32::from(is_reliable));
                if is_user {
                    self.model.sent.insert(after, payload.clone());
                }
            }
            Err(error) => {
                assert_eq!(after, before, "{error:?} has used up a number");
                assert!(error != SendError::NotConnected || !self.participant.is_connected());
            }
        }
        assert!(sent.is_err() || self.model.may_send());
        Ok(())
    }
}

/// The address of the other end, or of somebody else.
fn from(input: &mut Unstructured) -> Result<SocketAddr> {
    let other = ([192, 0, 2, 3], 3000).into();
    Ok(if input.arbitrary()? { remote::address() } else { other })
}
