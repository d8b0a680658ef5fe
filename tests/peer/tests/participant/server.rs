//! A server, as far as a participant notices: it lets it in, remembers the last packet, and forwards those of others.

use std::collections::VecDeque;

use livekit_protocol as theirs;
use prost::Message as _;
use testkit::signal::{
    accepted, frame, join_request, leave, masked, message, refuse, response, trickle,
};
use theirs::data_packet::Value;
use theirs::leave_request::Action;
use theirs::signal_request::Message as Request;
use theirs::signal_response::Message;
use theirs::{DataPacket, DisconnectReason};

use crate::transport::{LOSSY, RELIABLE, Transport, address};

#[derive(Default)]
pub struct Server {
    inbox: Vec<u8>,
    is_upgraded: bool,
    /// Bytes to the device, over signalling.
    pub outbox: Vec<u8>,
    /// The connection of signalling is to be closed behind them.
    pub closes: bool,
    pub transport: Option<Transport>,
    pub joins: u32,
    pub resumes: u32,
    /// The statuses with which the next requests are refused.
    pub refuses: VecDeque<u16>,
    /// The answers that it gives have another fingerprint than its certificate.
    pub is_forged: bool,
    /// The next offer of a resume finds another peer connection, of another certificate.
    pub moves: bool,
    /// It lets devices in and says nothing more.
    pub is_mute: bool,
    /// What the device signalled, but pings.
    pub requests: Vec<Request>,
    /// Reliable packets of this connection, without those that the server had; how many those were.
    pub packets: Vec<DataPacket>,
    pub repeated: u32,
    pub lossy: Vec<DataPacket>,
    /// Sequence numbers in the order in which they arrived.
    pub sequences: Vec<u32>,
    /// What was sent reliably, kept for a resume.
    sent: Vec<DataPacket>,
    now_ms: u64,
}

pub const ALICE: &str = "alice";
pub const ALICE_SID: &str = "PA_alice0000000";

impl Server {
    /// A connection of signalling was opened: what came over the one before is forgotten.
    pub fn opened(&mut self) {
        self.inbox.clear();
        self.outbox.clear();
        (self.is_upgraded, self.closes) = (false, false);
    }

    pub fn signalled(&mut self, bytes: &[u8], now_ms: u64) {
        self.now_ms = now_ms;
        self.inbox.extend(bytes);
        if !self.is_upgraded {
            let Some(at) = self.inbox.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
                return;
            };
            let request: Vec<_> = self.inbox.drain(..at + 4).collect();
            if let Some(status) = self.refuses.pop_front() {
                self.outbox.extend(refuse(status));
                self.closes = true;
                return;
            }
            self.is_upgraded = true;
            self.outbox.extend(accepted(&request));
            let request = join_request(&request);
            if request.reconnect { self.resume() } else { self.join(request) }
        }
        while let Some((first, payload, len)) = masked(&self.inbox) {
            self.inbox.drain(..len);
            match first & 0xf {
                9 => self.outbox.extend(frame(0x8a, &payload)),
                8 => self.closes = true,
                10 => {}
                _ => {
                    let request = theirs::SignalRequest::decode(&payload[..]).expect("protobuf");
                    self.requested(request.message.expect("it says something"));
                }
            }
        }
    }

    fn join(&mut self, request: theirs::JoinRequest) {
        self.joins += 1;
        // Another participant for everybody.
        (self.packets, self.sequences, self.repeated) = Default::default();
        self.lossy.clear();
        self.sent.clear();
        let info = |sid: String, identity: &str| theirs::ParticipantInfo {
            sid,
            identity: identity.to_owned(),
            state: theirs::participant_info::State::Active.into(),
            ..Default::default()
        };
        let join = theirs::JoinResponse {
            participant: Some(info(format!("PA_device{}", self.joins), "device")),
            other_participants: vec![info(ALICE_SID.into(), ALICE)],
            ping_interval: 5,
            ping_timeout: 15,
            ..Default::default()
        };
        self.say(Message::Join(join));
        let offer = request.publisher_offer.expect("it joins with an offer");
        if !self.is_mute {
            let seed = self.joins.into();
            self.transport = Some(Transport::new(&offer.sdp, seed, self.now_ms));
            self.answer(offer.id);
        }
    }

    fn resume(&mut self) {
        self.resumes += 1;
        let last_message_seq = self.last_sequence();
        self.say(Message::Reconnect(theirs::ReconnectResponse {
            last_message_seq,
            ..Default::default()
        }));
    }

    fn answer(&mut self, id: u32) {
        let mut sdp = self.transport.as_ref().expect("it was offered").answer();
        if self.is_forged {
            let at = sdp.find("sha-256 ").expect("it has one") + 8;
            let other = if &sdp[at..at + 2] == "00" { "01" } else { "00" };
            sdp.replace_range(at..at + 2, other);
        }
        let answer =
            theirs::SessionDescription { r#type: "answer".into(), sdp, id, ..Default::default() };
        self.say(Message::Answer(answer));
        let at = address();
        self.outbox.extend(trickle("udp", &format!("{} {}", at.ip(), at.port())));
    }

    fn requested(&mut self, request: Request) {
        match &request {
            Request::Offer(offer) => {
                if std::mem::take(&mut self.moves) {
                    self.transport = Some(Transport::new(&offer.sdp, 100, self.now_ms));
                } else {
                    self.transport().restart(&offer.sdp);
                }
                self.answer(offer.id);
            }
            Request::SyncState(state) => {
                self.forward_again(&state.datachannel_receive_states.clone())
            }
            Request::Leave(_) => {
                self.closes = true;
                self.transport = None;
            }
            Request::PingReq(ping) => {
                let pong =
                    theirs::Pong { last_ping_timestamp: ping.timestamp, ..Default::default() };
                return self.say(Message::PongResp(pong));
            }
            _ => {}
        }
        self.requests.push(request);
    }

    /// Forwards again what the device has not received.
    fn forward_again(&mut self, states: &[theirs::DataChannelReceiveState]) {
        let last =
            states.iter().find(|it| it.publisher_sid == ALICE_SID).map_or(0, |it| it.last_seq);
        let again: Vec<_> = self.sent.iter().filter(|it| it.sequence > last).cloned().collect();
        let Some(transport) = self.transport.as_mut().filter(|it| it.has_channels()) else {
            return;
        };
        again.iter().for_each(|packet| transport.send(RELIABLE, &encode(packet)));
    }

    fn say(&mut self, member: Message) {
        self.outbox.extend(message(&response(member)));
    }

    pub fn leave(&mut self, reason: DisconnectReason, action: Action) {
        self.outbox.extend(leave(reason, action));
    }

    /// Forwards a packet of Alice's.
    pub fn send(&mut self, value: Value) {
        let packet = DataPacket {
            participant_identity: ALICE.into(),
            participant_sid: ALICE_SID.into(),
            sequence: self.sent.len() as u32 + 1,
            value: Some(value),
            ..Default::default()
        };
        self.transport().send(RELIABLE, &encode(&packet));
        self.sent.push(packet);
    }

    pub fn send_user(&mut self, payload: &[u8]) {
        self.send(user(payload));
    }

    pub fn send_lossy(&mut self, payload: &[u8]) {
        let packet = DataPacket {
            participant_identity: ALICE.into(),
            participant_sid: ALICE_SID.into(),
            value: Some(user(payload)),
            ..Default::default()
        };
        self.transport().send(LOSSY, &encode(&packet));
    }

    pub fn transport(&mut self) -> &mut Transport {
        self.transport.as_mut().expect("a device has joined")
    }

    fn last_sequence(&self) -> u32 {
        self.packets.last().map_or(0, |packet| packet.sequence)
    }

    /// Takes what came over the channels.
    pub fn take_packets(&mut self) {
        let Some(transport) = &mut self.transport else { return };
        for (label, message) in std::mem::take(&mut transport.received) {
            let packet = DataPacket::decode(&message[..]).expect("it is protobuf");
            if label == LOSSY {
                self.lossy.push(packet);
                continue;
            }
            self.sequences.push(packet.sequence);
            // As livekit-server: gaps are accepted.
            if packet.sequence <= self.last_sequence() {
                self.repeated += 1
            } else {
                self.packets.push(packet)
            }
        }
    }

    /// The payloads of the user packets that arrived reliably.
    pub fn payloads(&self) -> Vec<&[u8]> {
        self.packets.iter().filter_map(payload).collect()
    }
}

/// A oneof last, as Go writes it: the parts of a chunk are read where they come last.
fn encode(packet: &DataPacket) -> Vec<u8> {
    let value = DataPacket { value: packet.value.clone(), ..Default::default() };
    let others = DataPacket { value: None, ..packet.clone() };
    [others.encode_to_vec(), value.encode_to_vec()].concat()
}

fn user(payload: &[u8]) -> Value {
    Value::User(theirs::UserPacket { payload: payload.to_vec(), ..Default::default() })
}

pub fn payload(packet: &DataPacket) -> Option<&[u8]> {
    match &packet.value {
        Some(Value::User(user)) => Some(&user.payload),
        _ => None,
    }
}
