//! Signalling's other end: a server that lets a device in, resumes, answers offers; and says anything else that an
//! input has.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use livekit_micro::participant::peer::sdp::Description;
use livekit_protocol as theirs;
use prost_reflect::prost::Message as _;
use support::messages;
use support::peer::remote::{Remote, address};
use testkit::signal::{
    accepted, frame, join_request, leave, masked, message, refuse, request, response, trickle,
};
use theirs::leave_request::Action;
use theirs::signal_request::Message as Request;
use theirs::signal_response::Message;

#[derive(Default)]
pub struct Server {
    inbox: Vec<u8>,
    is_upgraded: bool,
    /// Bytes to the device.
    pub outbox: Vec<u8>,
    /// It closes the connection behind them.
    pub closes: bool,
    /// The status with which the next request is refused.
    pub refuses: Option<u16>,
    connections: u64,
}

impl Server {
    pub fn opened(&mut self) {
        self.inbox.clear();
        self.outbox.clear();
        (self.is_upgraded, self.closes) = (false, false);
    }

    /// Takes bytes of the device's. Returns whether another peer connection begins.
    pub fn input(&mut self, bytes: &[u8], remote: &mut Remote<'_>, now_ms: u64) -> bool {
        let mut begins = false;
        self.inbox.extend(bytes);
        if !self.is_upgraded {
            // A device sends its request whole.
            let head = std::mem::take(&mut self.inbox);
            if let Some(status) = self.refuses.take() {
                self.outbox.extend(refuse(status));
                self.closes = true;
                return false;
            }
            self.is_upgraded = true;
            self.outbox.extend(accepted(&head));
            begins = self.joins(&head, remote, now_ms);
        }
        while let Some((first, payload, len)) = masked(&self.inbox) {
            self.inbox.drain(..len);
            match first & 0xf {
                2 => {
                    let request = theirs::SignalRequest::decode(&payload[..]).expect("protobuf");
                    self.requested(request, remote, now_ms);
                }
                9 => self.outbox.extend(frame(0x8a, &payload)),
                _ => {}
            }
        }
        begins
    }

    fn joins(&mut self, head: &[u8], remote: &mut Remote<'_>, now_ms: u64) -> bool {
        let target = request(head).0;
        let is_old = !target.starts_with("/rtc/v1?");
        let join = if is_old { theirs::JoinRequest::default() } else { join_request(head) };
        if join.reconnect || is_old && target.contains("reconnect=1") {
            if remote.is_over() {
                // As livekit-server: there is no participant to resume.
                let reason = theirs::DisconnectReason::StateMismatch;
                self.outbox.extend(leave(reason, Action::Reconnect));
            } else {
                self.say(Message::Reconnect(theirs::ReconnectResponse::default()));
            }
            return false;
        }
        let join_response = theirs::JoinResponse {
            participant: Some(theirs::ParticipantInfo {
                sid: "PA_device".into(),
                identity: "device".into(),
                ..Default::default()
            }),
            ping_interval: 5,
            ping_timeout: 15,
            ..Default::default()
        };
        self.say(Message::Join(join_response));
        self.connections += 1;
        remote.begin(self.connections);
        if let Some(offer) = join.publisher_offer {
            self.answer(&offer, remote, now_ms);
        }
        true
    }

    fn answer(&mut self, offer: &theirs::SessionDescription, remote: &mut Remote<'_>, now_ms: u64) {
        let description = Description::read(&offer.sdp).expect("a device offers");
        let sdp = remote.answer(&description, now_ms);
        let answer = theirs::SessionDescription {
            r#type: "answer".into(),
            sdp,
            id: offer.id,
            ..Default::default()
        };
        self.say(Message::Answer(answer));
        self.outbox.extend(trickle("udp", &format!("{} {}", address().ip(), address().port())));
    }

    fn requested(&mut self, request: theirs::SignalRequest, remote: &mut Remote<'_>, now_ms: u64) {
        match request.message.expect("it says something") {
            Request::Offer(offer) => self.answer(&offer, remote, now_ms),
            Request::PingReq(ping) => self.say(Message::PongResp(theirs::Pong {
                last_ping_timestamp: ping.timestamp,
                ..Default::default()
            })),
            Request::Leave(_) => self.closes = true,
            _ => {}
        }
    }

    fn say(&mut self, member: Message) {
        self.outbox.extend(message(&response(member)));
    }

    /// Says something that it has no reason to say.
    pub fn lie(&mut self, input: &mut Unstructured) -> Result<()> {
        match input.int_in_range(0..=9)? {
            0..=3 => {
                let mut message = messages::response(input)?.encode_to_vec();
                if input.ratio(1, 4)? && !message.is_empty() {
                    let at = input.choose_index(message.len())?;
                    message[at] = input.arbitrary()?;
                }
                self.outbox.extend(frame(0x82, &message));
            }
            4..=5 => {
                let action =
                    *input.choose(&[Action::Resume, Action::Reconnect, Action::Disconnect])?;
                let reason = theirs::DisconnectReason::try_from(input.int_in_range(0..=16)?);
                self.outbox.extend(leave(reason.expect("there are 17"), action));
            }
            6 => self.say(Message::Reconnect(theirs::ReconnectResponse {
                last_message_seq: input.int_in_range(0..=9)?,
                ..Default::default()
            })),
            7 => {
                let statuses = [401, 404, 429, 500, input.int_in_range(100..=599)?];
                self.refuses = Some(*input.choose(&statuses)?);
            }
            8 => {
                let len = usize::from(input.arbitrary::<u8>()?).min(input.len());
                self.outbox.extend(input.bytes(len)?);
            }
            _ => {
                let control = 0x88 | input.int_in_range(0..=2)?;
                let len = usize::from(input.arbitrary::<u8>()? & 0x7f).min(input.len()).min(125);
                self.outbox.extend(frame(control, input.bytes(len)?));
            }
        }
        Ok(())
    }
}
