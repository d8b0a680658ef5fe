//! A participant with its memory, and what it has told.

use std::collections::VecDeque;

use livekit_micro::borrowed::DisconnectReason;
use livekit_micro::data::{
    self, CallId, Channel, Closed, Data, Incoming, Pending, Resend, Rpc, RpcError, Session,
    StreamPart, Topics,
};
use livekit_micro::participant::peer::{self, RustCrypto, certificate, crypto::PrivateKey};
use livekit_micro::participant::peer::{dtls::Identity, sctp::Slot};
use livekit_micro::participant::{Error, Event, JoinConfig, Memory, Participant, SendError};
use livekit_micro::signal::ServerUrl;

pub type Crypto = RustCrypto<fn(&mut [u8])>;
pub type Config = JoinConfig<'static, Crypto>;
pub type Plane = Session<Incoming<Log, 2>, Rpc<2>, Resend<KEPT>>;

/// Bytes of what is kept for a resume, of what is sent, and of a message.
pub const KEPT: usize = 2_000;
pub const SEND: usize = 8_000;
pub const RECEIVE: usize = 4_000;
pub const TOKEN: &str = "eyJh.eyJ2.c2ln";

pub struct Log;

impl Topics for Log {
    const TOPICS: &'static [&'static str] = &["log"];
}

/// An event that its participant has outlived.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    Connected,
    Reconnecting(Error),
    Reconnected { is_resumed: bool, lost: u32 },
    Disconnected(DisconnectReason, Option<Error>),
    Data(Vec<u8>),
    Call { method: String, payload: String },
    Answer(CallId, Result<String, u32>),
    Stream { content: Vec<u8>, is_open: bool, error: Option<data::StreamError> },
    TooLong(Channel, usize),
    Writable,
    Malformed,
}

pub struct Device {
    pub participant: Participant<'static, Crypto, Plane>,
    pub told: VecDeque<Told>,
    /// Calls that are to be answered with what they brought.
    calls: VecDeque<(Pending, String)>,
}

pub fn config() -> Config {
    let url = ServerUrl::parse("ws://10.0.0.2:7880").expect("it is one");
    let key = Box::leak(Box::new(PrivateKey::from_bytes(&[7; 32]).expect("a key")));
    let mut crypto = Crypto::new(fastrand::fill);
    let buf = vec![0; 512].leak();
    let certificate =
        certificate::self_signed(&mut crypto, key, &key.public_key(), buf).expect("it fits");
    JoinConfig::new(url, Identity { certificate, key })
}

impl Device {
    pub fn new() -> Self {
        let memory = Memory {
            peer: peer::Memory {
                handshake: vec![0; 1_024].leak(),
                send: vec![0; SEND].leak(),
                receive: vec![0; RECEIVE].leak(),
                slots: vec![Slot::new(); 4].leak(),
            },
            signal: vec![0; 1_024].leak(),
            token: vec![0; 256].leak(),
            frame: vec![0; 2_000].leak(),
            request: vec![0; 256].leak(),
        };
        let participant = Participant::new(Crypto::new(fastrand::fill), Session::new(), memory);
        Self { participant, told: VecDeque::new(), calls: VecDeque::new() }
    }

    pub fn publish(&mut self, payload: &[u8], now_ms: u64) -> Result<(), SendError> {
        self.participant.publish_data(&Data { payload, topic: "", to: &[] }, now_ms)
    }

    /// Answers the calls that wait, as far as there is space.
    pub fn respond(&mut self, now_ms: u64) {
        while let Some((caller, payload)) = self.calls.front() {
            let result = match payload.as_str() {
                "fail" => Err(RpcError::UNSUPPORTED_METHOD),
                payload => Ok(payload),
            };
            match self.participant.respond(&caller.caller(), result, now_ms) {
                Ok(()) => _ = self.calls.pop_front(),
                Err(SendError::Full) => return,
                Err(_) => self.calls.clear(),
            }
        }
    }

    /// Notes an event.
    pub fn note(event: Event<'_>) -> (Option<Told>, Option<(Pending, String)>) {
        let told = match event {
            Event::Connected => Told::Connected,
            Event::Reconnecting { error } => Told::Reconnecting(error),
            Event::Reconnected { is_resumed, lost } => Told::Reconnected { is_resumed, lost },
            Event::Disconnected { reason, error } => Told::Disconnected(reason, error),
            Event::Data(data::Event::Data(data)) => Told::Data(data.payload.to_vec()),
            Event::Data(data::Event::Call(call)) => {
                let (method, payload) = (call.method.to_owned(), call.payload.to_owned());
                let caller = call.caller.keep().expect("it is short");
                return (
                    Some(Told::Call { method, payload: payload.clone() }),
                    Some((caller, payload)),
                );
            }
            Event::Data(data::Event::Answer(answer)) => {
                let result = answer.result.map(str::to_owned).map_err(|error| error.code.0);
                Told::Answer(answer.call, result)
            }
            Event::Data(data::Event::Stream(part)) => stream(&part),
            Event::TooLong { channel, len } => Told::TooLong(channel, len),
            Event::Writable => Told::Writable,
            Event::Malformed(_) => Told::Malformed,
            _ => return (None, None),
        };
        (Some(told), None)
    }

    pub fn noted(&mut self, (told, call): (Option<Told>, Option<(Pending, String)>)) {
        self.told.extend(told);
        self.calls.extend(call);
    }

    /// The payloads of user packets, which are told no more; other events stay.
    pub fn payloads(&mut self) -> Vec<Vec<u8>> {
        let mut payloads = vec![];
        self.told.retain(|told| match told {
            Told::Data(payload) => {
                payloads.push(payload.clone());
                false
            }
            _ => true,
        });
        payloads
    }
}

fn stream(part: &StreamPart<'_>) -> Told {
    let error = match part.closed {
        Some(Closed::Failed(error)) => Some(error),
        _ => None,
    };
    Told::Stream { content: part.content.to_vec(), is_open: part.closed.is_none(), error }
}
