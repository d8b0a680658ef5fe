//! The device itself: a participant, its network, and what it has heard and is to say.

use std::fs;
use std::time::Duration;

use livekit_micro::borrowed::signal_request::Message;
use livekit_micro::borrowed::simulate_scenario::Scenario;
use livekit_micro::borrowed::{SignalRequest, SimulateScenario};
use livekit_micro::data::{Encryption, PerformRpc};
use livekit_micro::participant::peer::Datagram;
use livekit_micro::participant::{DataPlane, Event};
use serde_json::json;

use crate::command::{Command, Simulated, What};
use crate::conversation::{Conversation, Member, Seal, SetKey, StreamRpc};
use crate::heard::Heard;
use crate::net::{Arrived, Net};
use crate::outbox::Item;
use crate::tell;
use crate::tracks::Ask;

pub struct Device<const V2: bool, const DEFLATE: bool, E> {
    participant: Member<V2, DEFLATE, E>,
    pub net: Net,
    heard: Heard<V2>,
    /// There is more to be sent, and space for it.
    is_sending: bool,
}

impl<const V2: bool, const DEFLATE: bool, E: Encryption> Device<V2, DEFLATE, E>
where
    Conversation<V2, DEFLATE, E>: DataPlane + StreamRpc + SetKey + Seal,
{
    pub fn new(participant: Member<V2, DEFLATE, E>, net: Net) -> Self {
        Self { participant, net, heard: Heard::default(), is_sending: false }
    }

    pub fn arrived(&mut self, arrived: Arrived, now_ms: u64) {
        let Self { participant, heard, .. } = self;
        match arrived {
            Arrived::Opened => participant.signal_opened(),
            Arrived::Closed => participant.signal_closed(now_ms),
            Arrived::Signal(bytes) => {
                let mut rest = &bytes[..];
                while let Some(event) = participant.receive_signal(&mut rest, now_ms) {
                    heard.event(&event, now_ms);
                }
            }
            Arrived::Datagram(from, mut bytes) => {
                let mut datagram = Datagram::new(from, &mut bytes);
                while let Some(event) = participant.receive(&mut datagram, now_ms) {
                    heard.event(&event, now_ms);
                }
            }
            Arrived::Command(command) => self.command(command),
            Arrived::Leave => participant.leave(),
        }
    }

    /// Does what is to be done now. Returns whether the device has left the room.
    pub fn turn(&mut self, now_ms: u64) -> bool {
        let Self { participant, net, heard, .. } = self;
        if std::mem::take(&mut heard.is_leaving) {
            participant.leave();
        }
        heard.due(now_ms);
        let mut is_over = false;
        while let Some(event) = participant.event(now_ms) {
            is_over |= matches!(event, Event::Disconnected { .. });
            heard.event(&event, now_ms);
        }
        let Heard { outbox, calls, tracks, .. } = heard;
        tracks.tell(&mut participant.session);
        self.is_sending = !is_over && outbox.send(participant, calls, tracks, now_ms);
        // 1 500 for datagrams, and more than the token for the request to join.
        let mut out = [0; 8192];
        while let Some(output) = participant.poll(now_ms, &mut out) {
            net.act(output);
        }
        is_over
    }

    /// How long there is nothing to do, if no input comes.
    pub fn idle(&mut self, now_ms: u64) -> Duration {
        if self.is_sending {
            return Duration::ZERO;
        }
        let participant = self.participant.poll_in(now_ms).map(u64::from);
        let least = participant.into_iter().chain(self.heard.calls.due_in(now_ms)).min();
        Duration::from_millis(least.unwrap_or(60_000))
    }

    fn command(&mut self, Command { id, what }: Command) {
        let read = |file: &str| fs::read(file).unwrap_or_else(|error| panic!("{error}: {file}"));
        let outbox = &mut self.heard.outbox;
        match what {
            What::Publish { file, topic, to, lossy } => {
                outbox.push(Item::Data { command: id, payload: read(&file), topic, to, lossy });
            }
            What::Call { to, method, file, timeout_ms } => {
                let payload = String::from_utf8(read(&file)).expect("payloads of calls are text");
                let client_protocol = self.heard.protocols.get(&to).copied().unwrap_or_default();
                // The writer borrows of the call for as long as it sends. A firmware has them in statics.
                let call = Box::leak(Box::new(PerformRpc {
                    destination_identity: to.leak(),
                    method: method.leak(),
                    payload: payload.leak(),
                    response_timeout_ms: timeout_ms,
                    client_protocol,
                }));
                outbox.push(Item::Call { command: id, call });
            }
            What::Stream(stream) => {
                let content = read(&stream.file);
                // As above.
                outbox.push(Item::Stream { command: id, stream: Box::leak(stream), content });
            }
            What::Attributes { attributes } => {
                outbox.push(Item::Ask(Ask::Attributes { command: id, attributes }));
            }
            What::Track { name } => outbox.push(Item::Ask(Ask::Publish { command: id, name })),
            What::Frame { file } => {
                outbox.push(Item::Ask(Ask::Frame { command: id, content: read(&file) }));
            }
            What::EndTrack => outbox.push(Item::Ask(Ask::End { command: id })),
            What::Key { file, index } => {
                self.participant.session.set_key(index, &read(&file));
                tell::done(id, json!({}));
            }
            What::Cut => self.with_net(id, Net::cut),
            What::Resume => self.with_net(id, Net::resume),
            What::CutSignal => self.with_net(id, Net::close_signal),
            What::Move => self.with_net(id, Net::bind),
            What::Simulate { scenario } => {
                self.simulate(scenario);
                tell::done(id, json!({}));
            }
            What::Count => {
                let participant = &self.participant;
                let (unacknowledged, dropped) =
                    (participant.unacknowledged(), participant.dropped());
                let waiting = self.heard.outbox.len();
                tell::done(
                    id,
                    json!({ "unacknowledged": unacknowledged, "dropped": dropped, "waiting": waiting }),
                );
            }
        }
    }

    /// Asks the server to play a fault.
    fn simulate(&mut self, scenario: Simulated) {
        let scenario = Some(match scenario {
            Simulated::Migration => Scenario::Migration(true),
            Simulated::NodeFailure => Scenario::NodeFailure(true),
            Simulated::ServerLeave => Scenario::ServerLeave(true),
            Simulated::LeaveRequestFullReconnect => Scenario::LeaveRequestFullReconnect(true),
            Simulated::DisconnectSignalOnResume => Scenario::DisconnectSignalOnResume(true),
            Simulated::DisconnectSignalOnResumeNoMessages => {
                Scenario::DisconnectSignalOnResumeNoMessages(true)
            }
        });
        let scenario = SimulateScenario { scenario };
        let message = Some(Message::Simulate((&scenario).into()));
        self.participant.request(&SignalRequest { message }).expect("there is space for it");
    }

    fn with_net(&mut self, command: u64, what: fn(&mut Net)) {
        what(&mut self.net);
        tell::done(command, json!({}));
    }
}
