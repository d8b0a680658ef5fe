//! What the participant says: it is told, and what it asks for goes to the outbox.

use std::collections::HashMap;

use livekit_micro::borrowed::ParticipantInfo;
use livekit_micro::borrowed::participant_info::State;
use livekit_micro::data::{self, RpcError};
use livekit_micro::participant::Event;
use serde_json::{Value, json};

use crate::calls::{Calls, Failure, Form, Next};
use crate::incoming::{Ended, Receiving};
use crate::outbox::{Item, Outbox};
use crate::tell::{self, Content};
use crate::tracks::Tracks;

#[derive(Default)]
pub struct Heard<const V2: bool> {
    /// What the others announce, by identity.
    pub protocols: HashMap<String, i32>,
    pub calls: Calls,
    pub outbox: Outbox,
    pub is_leaving: bool,
    pub tracks: Tracks,
    identity: String,
    receiving: Receiving<V2>,
}

impl<const V2: bool> Heard<V2> {
    pub fn event(&mut self, event: &Event<'_>, now_ms: u64) {
        match *event {
            Event::Connected => tell::event("ready", json!({})),
            Event::Reconnecting { error } => {
                tell::event("reconnecting", json!({ "error": error.to_string() }));
            }
            Event::Reconnected { is_resumed, lost } => {
                if !is_resumed {
                    self.outbox.end_streams();
                }
                tell::event("reconnected", json!({ "resumed": is_resumed, "lost": lost }));
            }
            Event::Disconnected { reason, error } => {
                let (reason, error) = (format!("{reason:?}"), error.map(|it| it.to_string()));
                tell::event("disconnected", json!({ "reason": reason, "error": error }));
            }
            Event::Participant { is_local: true, info } => {
                info.identity.clone_into(&mut self.identity);
                tell::event("me", json!({ "identity": info.identity, "sid": info.sid }));
            }
            Event::Participant { info, .. } if info.identity == self.identity => {}
            Event::Participant { info, .. } => self.participant(&info),
            Event::Data(ref event) => self.data(event, now_ms),
            Event::Malformed(error) => {
                tell::event("malformed", json!({ "error": error.to_string() }));
            }
            Event::TooLong { len, .. } => tell::event("too_long", json!({ "len": len })),
            Event::Skipped { field, len } => {
                tell::event("skipped", json!({ "field": field, "len": len }));
            }
            Event::DataTrackPublished(_) => self.tracks.published(),
            Event::DataTrackUnpublished(_) => self.tracks.unpublished(),
            Event::DataTrackSubscriberHandles(handles) => self.tracks.handles(&handles),
            Event::DataTrackPacket(packet) => self.tracks.packet(packet),
            Event::RequestResponse(response) => {
                let (request, reason) = (response.request_id, format!("{:?}", response.reason));
                tell::event("request_response", json!({ "request": request, "reason": reason }));
            }
            Event::Ignored | Event::Writable => {}
            _ => panic!("an event that nothing here leads to"),
        }
    }

    fn participant(&mut self, info: &ParticipantInfo<'_>) {
        if info.state == State::Disconnected {
            return tell::event("gone", json!({ "identity": info.identity }));
        }
        self.protocols.insert(info.identity.to_owned(), info.client_protocol);
        for ask in self.tracks.participant(info) {
            self.outbox.push(Item::Ask(ask));
        }
        let attributes: HashMap<_, _> = info.attributes.iter().collect();
        tell::event(
            "present",
            json!({ "identity": info.identity, "sid": info.sid, "client_protocol": info.client_protocol, "kind": format!("{:?}", info.kind), "attributes": attributes }),
        );
    }

    fn data(&mut self, event: &data::Event<'_>, now_ms: u64) {
        match event {
            data::Event::Data(data) => {
                let content = Content::of(data.payload).tell();
                let (from, topic) = (data.from, data.topic);
                tell::event("data", json!({ "from": from, "topic": topic, "content": content }));
            }
            data::Event::Call(call) => {
                let form = if call.caller.reads_inline { Form::Frame } else { Form::Packet };
                let next = self.calls.called(call, form, now_ms);
                self.respond(next);
            }
            data::Event::Answer(answer) => self.calls.answered(answer),
            data::Event::Stream(part) => match self.receiving.part(part) {
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
            data::Event::Other(frame) => other(frame.len()),
            data::Event::Opened(opened) => other(opened.payload.len()),
            data::Event::Refused(refused) => {
                let (from, error) = (refused.from, refused.error.to_string());
                tell::event("refused", json!({ "from": from, "error": error }));
            }
            _ => panic!("an event that this program does not know"),
        }
    }

    fn respond(&mut self, next: Next) {
        match next {
            Next::Respond(caller, result) => self.outbox.push(Item::Response { caller, result }),
            Next::Stream(caller, payload) => {
                self.outbox.push(Item::stream_response(caller, payload));
            }
            Next::Wait => {}
            Next::Leave => self.is_leaving = true,
        }
    }

    /// Notes responses whose time has come.
    pub fn due(&mut self, now_ms: u64) {
        while let Some(next) = self.calls.due(now_ms) {
            self.respond(next);
        }
    }
}

fn other(len: usize) {
    tell::event("other", Value::from_iter([("len", len)]));
}
