//! The device itself: a session, what belongs to its streams and calls, and the bridge.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use livekit_micro::data::{
    Channel, Data, Encryption, Event, MAX_FRAME_BYTES, MAX_RPC_PAYLOAD_BYTES, PerformRpc, RpcError,
    Session,
};
use serde_json::json;

use crate::bridge::{Bridge, News, Record};
use crate::calls::{Calls, Failure, Form, Next};
use crate::command::{Command, What};
use crate::conversation::{Conversation, Receive, StreamRpc, random};
use crate::incoming::{Ended, Receiving};
use crate::outgoing::Outgoing;
use crate::tell::{self, Content};

pub struct Device<const V2: bool, E> {
    session: Conversation<V2, E>,
    bridge: Bridge,
    /// Channels that are still to be opened.
    closed: usize,
    /// What the others announce, by identity.
    protocols: HashMap<String, i32>,
    receiving: Receiving<V2>,
    sending: Vec<Outgoing>,
    calls: Calls,
    /// Where frames are made.
    buf: Vec<u8>,
    /// Frames are received by a buffer of [`WINDOW`] bytes.
    has_window: bool,
}

/// Bytes of a buffer that does not take most frames.
const WINDOW: usize = 1024;

impl<const V2: bool, E: Encryption> Device<V2, E>
where
    Conversation<V2, E>: StreamRpc + Receive,
{
    pub fn new(bridge: Bridge, encryption: E, has_window: bool) -> Self {
        Self {
            session: Session::with_encryption(encryption),
            bridge,
            closed: 4, // _reliable and _lossy, both ways
            protocols: HashMap::new(),
            receiving: Receiving::default(),
            sending: Vec::new(),
            calls: Calls::default(),
            buf: vec![0; MAX_FRAME_BYTES],
            has_window,
        }
    }

    pub fn receive(&mut self, record: Record, now_ms: u64) {
        match record {
            Record::Frame(channel, mut frame) => self.frame(channel, &mut frame, now_ms),
            Record::News(news) => self.news(news, now_ms),
        }
    }

    fn frame(&mut self, channel: Channel, frame: &mut [u8], now_ms: u64) {
        if let Some((first, rest)) = frame.split_at_checked(WINDOW).filter(|_| self.has_window) {
            let part = self.session.receive_window(first, frame.len(), now_ms);
            part.into_iter().for_each(|part| self.event(Event::Stream(part), now_ms));
            for piece in rest.chunks(WINDOW) {
                let part = self.session.receive_more(piece);
                part.into_iter().for_each(|part| self.event(Event::Stream(part), now_ms));
            }
            return;
        }
        let (event, replies) =
            match self.session.receive_frame(channel, frame, now_ms, &mut self.buf) {
                Ok(received) => received,
                Err(error) => {
                    return tell::event("malformed", json!({ "error": error.to_string() }));
                }
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
                let form = if call.caller.reads_inline { Form::Frame } else { Form::Packet };
                let next = self.calls.called(&call, form, now_ms);
                self.respond(next);
            }
            Event::Answer(answer) => self.calls.answered(&answer),
            Event::Stream(part) => match self.receiving.part(&part) {
                Some(Ended::Call(call)) => {
                    let next = self.calls.called(&call.invocation(), Form::Chunks, now_ms);
                    self.respond(next);
                }
                Some(Ended::Broken(caller)) => {
                    self.respond(Next::Respond(
                        caller,
                        Err(Failure::new(RpcError::APPLICATION_ERROR, "")),
                    ));
                }
                Some(Ended::Answer(call, result)) => self.calls.answered_by_stream(call, result),
                None => {}
            },
            Event::Other(frame) => tell::event("other", json!({ "len": frame.len() })),
            Event::Opened(opened) => tell::event("other", json!({ "len": opened.payload.len() })),
            Event::Refused(refused) => {
                let (from, error) = (refused.from, refused.error.to_string());
                tell::event("refused", json!({ "from": from, "error": error }));
            }
            _ => panic!("an event that this program does not know"),
        }
    }

    fn respond(&mut self, next: Next) {
        match next {
            Next::Respond(pending, result) => {
                let caller = pending.caller();
                let result = result.as_ref().map(String::as_str).map_err(|error| error.borrowed());
                let frame = self
                    .session
                    .respond(&caller, result, &mut self.buf)
                    .expect("the buffer takes any frame");
                self.bridge.send(Channel::Reliable, frame);
            }
            Next::Stream(pending, payload) => {
                let local = &mut self.session.local;
                self.sending.push(Outgoing::respond(
                    pending,
                    payload,
                    local,
                    &mut self.bridge,
                    &mut self.buf,
                ));
            }
            Next::Wait => {}
            Next::Leave => self.leave(),
        }
    }

    fn news(&mut self, news: News, now_ms: u64) {
        match news {
            News::Joined(me) => {
                tell::event("me", json!({ "identity": me.identity, "sid": me.sid }))
            }
            News::Participant(participant) => {
                let (identity, protocol) =
                    (&participant["identity"], &participant["client_protocol"]);
                let identity = identity.as_str().expect("an identity").to_owned();
                self.protocols.insert(identity, protocol.as_i64().expect("a number") as i32);
                tell::event("present", participant);
            }
            News::Left(id) => {
                while let Some(event) = self.session.participant_left(&id.identity, &id.sid) {
                    self.event(event, now_ms);
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
            News::Resumed(last) => {
                let unreceived = self.session.resume(last);
                let lost = unreceived.lost();
                let again =
                    unreceived.map(|frame| self.bridge.send(Channel::Reliable, frame)).count();
                tell::event("resumed", json!({ "again": again, "lost": lost }));
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
            What::Key { file, index } => {
                self.session.set_key(index, &read(&file));
                tell::done(id, json!({}));
            }
            What::Cut => {
                self.bridge.cut();
                tell::done(id, json!({}));
            }
            What::Resume => {
                self.bridge.resume(self.session.receive_states());
                tell::done(id, json!({}));
            }
            What::Call { to, method, file, timeout_ms } => {
                let payload = String::from_utf8(read(&file)).expect("payloads of calls are text");
                self.call(id, to, method, payload, timeout_ms, now_ms);
            }
            What::Stream(stream) => {
                let content = read(&stream.file);
                let local = &mut self.session.local;
                self.sending.extend(Outgoing::open(
                    id,
                    stream,
                    content,
                    local,
                    &mut self.bridge,
                    &mut self.buf,
                ));
            }
        }
    }

    fn call(
        &mut self,
        id: u64,
        to: String,
        method: String,
        payload: String,
        timeout_ms: u32,
        now_ms: u64,
    ) {
        let client_protocol = self.protocols.get(&to).copied().unwrap_or_default();
        // The writer borrows of the call for as long as it sends. A firmware has them in statics.
        let call: &'static PerformRpc<'static> = Box::leak(Box::new(PerformRpc {
            destination_identity: to.leak(),
            method: method.leak(),
            payload: payload.leak(),
            response_timeout_ms: timeout_ms,
            client_protocol,
        }));
        let made = if client_protocol >= 1 && call.payload.len() > MAX_RPC_PAYLOAD_BYTES {
            self.session.stream_rpc(call, now_ms, &mut self.buf)
        } else {
            let made = self.session.perform_rpc(call, random(), now_ms, &mut self.buf);
            made.map(|(call, frame)| (call, None, frame))
        };
        match made {
            Ok((made, writer, frame)) => {
                self.bridge.send(Channel::Reliable, frame);
                self.calls.made(made, id);
                self.sending.extend(writer.map(|writer| Outgoing::call(writer, call.payload)));
            }
            Err(error) => tell::not_sent(id, error),
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
        while let Some(next) = self.calls.due(now_ms) {
            self.respond(next);
        }
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

    pub fn ended(&mut self, now_ms: u64) {
        while let Some(event) = self.session.reset() {
            self.event(event, now_ms);
        }
    }
}
