//! The device itself: a session, what belongs to its streams and calls, and the bridge.

use std::fs;
use std::time::Duration;

use livekit_micro::data::{
    Channel, Data, Event, Incoming, MAX_FRAME_BYTES, PerformRpc, Resend, Rpc, Session, Topics,
};
use serde_json::json;

use crate::bridge::{Bridge, News, Record};
use crate::calls::Calls;
use crate::command::{Command, What};
use crate::incoming::Receiving;
use crate::outgoing::Outgoing;
use crate::tell::{self, Content};

/// What it wants to receive. Streams of other topics come to nothing.
pub struct Wanted;

impl Topics for Wanted {
    const TOPICS: &'static [&'static str] = &["text", "bytes", "lk.transcription"];
}

pub const STREAMS: usize = 4;
pub type Conversation = Session<Incoming<Wanted, STREAMS>, Rpc<8>, Resend<8192>>;

pub struct Device {
    session: Conversation,
    bridge: Bridge,
    /// Channels that are still to be opened.
    closed: usize,
    receiving: Receiving,
    sending: Vec<Outgoing>,
    calls: Calls,
    /// Where frames are made.
    buf: Vec<u8>,
}

impl Device {
    pub fn new(bridge: Bridge) -> Self {
        Self {
            session: Session::new(),
            bridge,
            closed: 4, // _reliable and _lossy, both ways
            receiving: Receiving::default(),
            sending: Vec::new(),
            calls: Calls::default(),
            buf: vec![0; MAX_FRAME_BYTES],
        }
    }

    pub fn receive(&mut self, record: Record, now_ms: u64) {
        match record {
            Record::Frame(channel, frame) => self.frame(channel, &frame, now_ms),
            Record::News(news) => self.news(news),
        }
    }

    fn frame(&mut self, channel: Channel, frame: &[u8], now_ms: u64) {
        let (event, replies) = match self.session.receive(channel, frame, now_ms, &mut self.buf) {
            Ok(received) => received,
            Err(error) => return tell::event("malformed", json!({ "error": error.to_string() })),
        };
        replies.for_each(|reply| self.bridge.send(Channel::Reliable, reply));
        if let Some(event) = event {
            self.event(event, now_ms);
        }
    }

    fn event(&mut self, event: Event<'_>, now_ms: u64) {
        match event {
            Event::Data(data) => {
                let content = Content::of(data.payload).tell();
                let (from, topic) = (data.from, data.topic);
                tell::event("data", json!({ "from": from, "topic": topic, "content": content }));
            }
            Event::Call(call) => {
                let leave = self.calls.called(
                    &call,
                    now_ms,
                    &mut self.session,
                    &mut self.bridge,
                    &mut self.buf,
                );
                if leave {
                    self.leave();
                }
            }
            Event::Answer(answer) => self.calls.answered(&answer),
            Event::Stream(part) => self.receiving.part(&part),
            Event::Other(frame) => tell::event("other", json!({ "len": frame.len() })),
            _ => panic!("an event that this program does not know"),
        }
    }

    fn news(&mut self, news: News) {
        match news {
            News::Joined(me) => {
                tell::event("me", json!({ "identity": me.identity, "sid": me.sid }))
            }
            News::Participant(participant) => tell::event("present", participant),
            News::Left(id) => {
                while let Some(event) = self.session.participant_left(&id.identity, &id.sid) {
                    self.event(event, 0);
                }
                tell::event("gone", json!({ "identity": id.identity }));
            }
            News::Open { open } => {
                if matches!(open.as_str(), "_reliable" | "_lossy") {
                    self.closed -= 1;
                    if self.closed == 0 {
                        tell::event("ready", json!({}));
                    }
                }
            }
            News::Ended { ended } => tell::event("ended", json!({ "why": ended })),
        }
    }

    pub fn command(&mut self, Command { id, what }: Command, now_ms: u64) {
        let read = |file: &str| fs::read(file).unwrap_or_else(|error| panic!("{error}: {file}"));
        match what {
            What::Publish { file, topic, to, lossy } => {
                let to: Vec<&str> = to.iter().map(String::as_str).collect();
                let data = Data { payload: &read(&file), topic: &topic, to: &to };
                let (channel, frame) = match lossy {
                    true => (Channel::Lossy, self.session.publish_lossy_data(&data, &mut self.buf)),
                    false => (Channel::Reliable, self.session.publish_data(&data, &mut self.buf)),
                };
                match frame {
                    Ok(frame) => {
                        self.bridge.send(channel, frame);
                        tell::done(id, json!({}));
                    }
                    Err(error) => tell::not_sent(id, error),
                }
            }
            What::Call { to, method, file, timeout_ms } => {
                let payload = String::from_utf8(read(&file)).expect("payloads of calls are text");
                let call = PerformRpc {
                    destination_identity: &to,
                    method: &method,
                    payload: &payload,
                    response_timeout_ms: timeout_ms,
                };
                match self.session.perform_rpc(&call, random(), now_ms, &mut self.buf) {
                    Ok((call, frame)) => {
                        self.bridge.send(Channel::Reliable, frame);
                        self.calls.made(call, id);
                    }
                    Err(error) => tell::not_sent(id, error),
                }
            }
            What::Stream(stream) => {
                let content = read(&stream.file);
                let local = &mut self.session.local;
                if let Some(outgoing) =
                    Outgoing::open(id, stream, content, local, &mut self.bridge, &mut self.buf)
                {
                    self.sending.push(outgoing);
                }
            }
        }
    }

    /// Sends a chunk of each stream; `true` if there is more.
    pub fn write_chunks(&mut self) -> bool {
        let local = &mut self.session.local;
        for outgoing in std::mem::take(&mut self.sending) {
            self.sending.extend(outgoing.write(local, &mut self.bridge, &mut self.buf));
        }
        !self.sending.is_empty()
    }

    /// Handles what time has brought.
    pub fn poll(&mut self, now_ms: u64) {
        self.calls.respond_due(now_ms, &mut self.session, &mut self.bridge, &mut self.buf);
        while let Some(event) = self.session.poll(now_ms) {
            self.event(event, now_ms);
        }
    }

    /// How long there is nothing to do, if no input comes.
    pub fn idle(&mut self, now_ms: u64) -> Duration {
        let session = self.session.poll_in(now_ms).map(u64::from);
        let least = session.into_iter().chain(self.calls.due_in(now_ms)).min();
        Duration::from_millis(least.unwrap_or(60_000))
    }

    pub fn leave(&mut self) {
        self.bridge.leave();
    }

    pub fn ended(&mut self) {
        while let Some(event) = self.session.reset() {
            self.event(event, 0);
        }
    }
}

pub fn random() -> [u8; 16] {
    fastrand::u128(..).to_le_bytes()
}
