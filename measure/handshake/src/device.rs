//! The device: what it does with a peer, call by call.

use core::net::{IpAddr, Ipv4Addr, SocketAddr};

use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::sctp::Delivery;
use livekit_micro_peer::sdp::{self, Description};
use livekit_micro_peer::{Crypto, Datagram, Event, Peer};

/// The device's private key.
pub const KEY: [u8; 32] = [7; 32];
/// Where the other end is.
pub const FROM: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 7882);
/// The longest packet of SCTP, in bytes, and the datagram that carries it.
pub const PACKET: usize = 1200;
pub const MTU: usize = PACKET + 37;
/// A message that fills a packet, and how many of them the other end sends, and then the device.
pub const MESSAGE: usize = PACKET - 28;
pub const MESSAGES: usize = 4;

/// What the device has done.
#[derive(Default)]
pub struct Device {
    pub is_connected: bool,
    /// How many messages came.
    pub received: usize,
    /// All datagrams that it sent, as a hash.
    pub sent: u64,
    channel: Option<u16>,
    given: usize,
}

/// A call of the peer's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// A datagram arrives, of so many bytes.
    Input(usize),
    /// A message that fills a packet is sent.
    Send,
    Poll,
    /// Anything else.
    Other,
}

/// Who makes the calls.
pub trait Meter {
    fn call(&mut self, work: Work, call: &mut dyn FnMut());
    /// The last [`Work::Poll`] made a datagram.
    fn sent(&mut self, datagram: &[u8]);
}

impl Device {
    /// Makes an offer in `buf`.
    pub fn offer<'b, C: Crypto>(
        &mut self,
        peer: &mut Peer<'static, C>,
        identity: Identity<'static, C>,
        buf: &'b mut [u8],
    ) -> &'b str {
        peer.set_mtu(MTU);
        peer.create_offer(identity, &[], buf).expect("the buffer is large enough")
    }

    /// Takes the answer to it.
    pub fn answered<C: Crypto>(&mut self, peer: &mut Peer<'static, C>, answer: &str) {
        let answer = Description::read(answer).expect("it is an answer");
        peer.accept_answer(&answer, 0).expect("there was an offer");
        for line in answer.candidates() {
            let candidate = sdp::candidate_v4(line).expect("it is a candidate");
            peer.add_ice_candidate(&candidate).expect("there is space for one");
        }
    }

    /// A turn of its loop: takes a datagram, does what is to be done, and sends.
    pub fn turn<C: Crypto>(
        &mut self,
        peer: &mut Peer<'static, C>,
        now_ms: u64,
        datagram: &mut [u8],
        meter: &mut impl Meter,
    ) {
        if !datagram.is_empty() {
            meter.call(Work::Input(datagram.len()), &mut || {
                let mut datagram = Datagram::new(FROM, datagram);
                while let Some(event) = peer.receive(&mut datagram, now_ms) {
                    self.take(&event);
                }
            });
        }
        self.act(peer, now_ms, meter);
        loop {
            let (mut out, mut len) = ([0; MTU], 0);
            meter.call(Work::Poll, &mut || {
                len = peer.poll(now_ms, &mut out).map_or(0, |(_, len)| len);
            });
            if len > 0 {
                meter.sent(&out[..len]);
                self.remember(&out[..len]);
            }
            meter.call(Work::Other, &mut || {
                while let Some(event) = peer.event(now_ms) {
                    self.take(&event);
                }
            });
            if len == 0 && peer.poll_in(now_ms) != Some(0) {
                return;
            }
        }
    }

    /// All is done: the other end has the last message.
    pub fn is_done<C: Crypto>(&self, peer: &Peer<'static, C>) -> bool {
        let waiting = self.channel.map(|channel| peer.unacknowledged(channel));
        self.given == MESSAGES && waiting == Some(0)
    }

    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Connected => self.is_connected = true,
            Event::Message { data, .. } if data.len() == MESSAGE => self.received += 1,
            _ => {}
        }
    }

    /// Opens a channel; sends messages, one after the other, when all of the other end's have come.
    fn act<C: Crypto>(&mut self, peer: &mut Peer<'static, C>, now_ms: u64, meter: &mut impl Meter) {
        let Some(channel) = self.channel else {
            if self.is_connected {
                meter.call(Work::Other, &mut || {
                    let opened = peer.open("_reliable", Delivery::RELIABLE, now_ms);
                    self.channel = Some(opened.expect("it is connected"));
                });
            }
            return;
        };
        let is_turn = self.received == MESSAGES && peer.unacknowledged(channel) == 0;
        if is_turn && self.given < MESSAGES {
            self.given += 1;
            meter.call(Work::Send, &mut || {
                peer.send(channel, &[&[9; MESSAGE]], now_ms).expect("there is space for one");
            });
        }
    }

    /// FNV-1a.
    fn remember(&mut self, datagram: &[u8]) {
        for byte in (datagram.len() as u16).to_le_bytes().iter().chain(datagram) {
            self.sent = (self.sent ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}
