//! What is to be sent, until there is space for it.

use std::collections::VecDeque;

use livekit_micro::data::{
    Caller, Channel, Data, Encryption, MAX_RPC_PAYLOAD_BYTES, Pending, PerformRpc,
};
use livekit_micro::participant::{DataPlane, SendError};
use serde_json::json;

use crate::calls::{Calls, Failure};
use crate::command::Stream;
use crate::conversation::{Conversation, Member, Seal, StreamRpc, random};
use crate::outgoing::Outgoing;
use crate::tell;
use crate::tracks::{Ask, Tracks};

#[derive(Default)]
pub struct Outbox {
    waiting: VecDeque<Item>,
    streams: Vec<Outgoing>,
}

pub enum Item {
    Data {
        command: u64,
        payload: Vec<u8>,
        topic: String,
        to: Vec<String>,
        lossy: bool,
    },
    Call {
        command: u64,
        call: &'static PerformRpc<'static>,
    },
    Response {
        caller: Pending,
        result: Result<String, Failure>,
    },
    /// A response that is more than fits a packet.
    StreamResponse {
        caller: &'static Caller<'static>,
        payload: &'static str,
    },
    /// For the server, or of a data track.
    Ask(Ask),
    Stream {
        command: u64,
        stream: &'static Stream,
        content: Vec<u8>,
    },
}

impl Item {
    pub fn stream_response(caller: Pending, payload: String) -> Self {
        // The writer borrows of them for as long as the stream lives. A firmware has them in statics.
        let caller: &'static Pending = Box::leak(Box::new(caller));
        let caller = Box::leak(Box::new(caller.caller()));
        Self::StreamResponse { caller, payload: payload.leak() }
    }

    /// Whose response says whether it was sent.
    fn command(&self) -> Option<u64> {
        match self {
            Self::Data { command, .. }
            | Self::Call { command, .. }
            | Self::Stream { command, .. } => Some(*command),
            Self::Ask(
                Ask::Publish { command, .. }
                | Ask::Frame { command, .. }
                | Ask::End { command }
                | Ask::Attributes { command, .. },
            ) => Some(*command),
            Self::Response { .. }
            | Self::StreamResponse { .. }
            | Self::Ask(Ask::Subscribe { .. }) => None,
        }
    }
}

impl Outbox {
    pub fn push(&mut self, item: Item) {
        self.waiting.push_back(item);
    }

    /// How much is to be sent: what waits, and streams.
    pub fn len(&self) -> usize {
        self.waiting.len() + self.streams.len()
    }

    /// Gives up what is being streamed: those who read it have seen its end.
    pub fn end_streams(&mut self) {
        for outgoing in self.streams.drain(..) {
            outgoing.failed("the connection before has ended");
        }
    }

    /// Sends what there is space for: what waits, then a chunk of each stream. Returns whether there is more, and space.
    pub fn send<const V2: bool, const DEFLATE: bool, E: Encryption>(
        &mut self,
        member: &mut Member<V2, DEFLATE, E>,
        calls: &mut Calls,
        tracks: &mut Tracks,
        now_ms: u64,
    ) -> bool
    where
        Conversation<V2, DEFLATE, E>: DataPlane + StreamRpc + Seal,
    {
        while let Some(item) = self.waiting.pop_front() {
            match self.send_item(&item, member, calls, tracks, now_ms) {
                Ok(()) => {}
                Err(SendError::Full | SendError::NotConnected) => {
                    self.waiting.push_front(item);
                    return false;
                }
                Err(error) => match item.command() {
                    Some(command) => tell::not_sent(command, error),
                    None => panic!("not sent: {error}"),
                },
            }
        }
        let mut has_space = true;
        for mut outgoing in std::mem::take(&mut self.streams) {
            match outgoing.write(member, now_ms) {
                Ok(true) => self.streams.push(outgoing),
                Ok(false) => {}
                Err(SendError::Full | SendError::NotConnected) => {
                    has_space = false;
                    self.streams.push(outgoing);
                }
                Err(error) => outgoing.failed(error),
            }
        }
        has_space && !self.streams.is_empty()
    }

    fn send_item<const V2: bool, const DEFLATE: bool, E: Encryption>(
        &mut self,
        item: &Item,
        member: &mut Member<V2, DEFLATE, E>,
        calls: &mut Calls,
        tracks: &mut Tracks,
        now_ms: u64,
    ) -> Result<(), SendError>
    where
        Conversation<V2, DEFLATE, E>: DataPlane + StreamRpc + Seal,
    {
        match item {
            Item::Data { command, payload, topic, to, lossy } => {
                let to: Vec<&str> = to.iter().map(String::as_str).collect();
                let data = Data { payload, topic, to: &to };
                match lossy {
                    true => member.publish_lossy_data(&data, now_ms)?,
                    false => member.publish_data(&data, now_ms)?,
                }
                tell::done(*command, json!({}));
            }
            Item::Call { command, call } => {
                let is_long = call.payload.len() > MAX_RPC_PAYLOAD_BYTES;
                let made = if call.client_protocol >= 1 && is_long {
                    let (made, writer) =
                        member.send(Channel::Reliable, now_ms, |session, buf| {
                            let (made, writer, frame) = session.stream_rpc(call, now_ms, buf)?;
                            Ok(((made, writer), frame))
                        })?;
                    self.streams.extend(writer.map(|it| Outgoing::payload(it, call.payload)));
                    made
                } else {
                    member.perform_rpc(call, now_ms)?
                };
                calls.made(made, *command);
            }
            Item::Response { caller, result } => {
                let result = result.as_ref().map(String::as_str).map_err(Failure::borrowed);
                member.respond(&caller.caller(), result, now_ms)?;
            }
            Item::StreamResponse { caller, payload } => {
                let total = Some(payload.len() as u32);
                let writer = member.send(Channel::Reliable, now_ms, |session, buf| {
                    session.local.stream_response(caller, total, random(), buf)
                })?;
                self.streams.push(Outgoing::payload(writer, payload));
            }
            Item::Ask(ask) => tracks.ask(ask, member, now_ms)?,
            Item::Stream { command, stream, content } => {
                self.streams.extend(Outgoing::open(*command, stream, content, member, now_ms)?);
            }
        }
        Ok(())
    }
}
