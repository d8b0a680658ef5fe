//! A device in its room.

use std::time::Instant;

use livekit_micro::borrowed::{DisconnectReason, participant_info};
use livekit_micro::data::{Event as Data, Relay};
use livekit_micro::link::State;
use livekit_micro::participant::peer::{Datagram, sdp};
use livekit_micro::participant::{Event, JoinConfig, Participant, SendError};
use livekit_micro::signal::ServerUrl;

use crate::net::{Arrived, Net};
use crate::port::{Input, Join, LEAVING, Port, Wanted};
use crate::store::{Crypto, Store};
use crate::{Error, Options};

/// Packets are kept for a resume of the connection: so many bytes of the newest.
type Device<'a> = Participant<'a, Crypto, Relay<65_536>>;

/// Joins for a device, and stays until one of both ends it.
pub fn run(
    join: &Join,
    port: &mut Port<'_>,
    net: &mut Net<Input>,
    store: &mut Store,
    options: &Options,
) -> Result<(), Error> {
    let url = ServerUrl::parse(&options.url)?;
    let relay = Relay::new(join.client_protocol, join.reads_deflate);
    let (mut device, identity): (Device<'_>, _) = store.participant(relay);
    let mut config = JoinConfig::new(url, identity);
    (config.transport, config.candidate) = (options.transport, sdp::candidate);
    config.longest_packet = join.longest_packet;
    config.options.version = env!("CARGO_PKG_VERSION");
    if let Err(error) = device.join(config, &join.token, port.now_ms()) {
        let (reason, message) = (DisconnectReason::JoinFailure, &error.to_string()[..]);
        port.tell(State::Disconnected { reason, message });
        return Ok(());
    }
    let (mut out, mut leaves) = ([0; 8192], None);
    loop {
        let now_ms = port.now_ms();
        while let Some(output) = device.poll(now_ms, &mut out) {
            net.act(output);
        }
        while let Some(event) = device.event(now_ms) {
            if tell(&event, port) {
                // What is left to do: the connection to the server is closed.
                while let Some(output) = device.poll(now_ms, &mut out) {
                    net.act(output);
                }
                return Ok(());
            }
        }
        send(&mut device, port, now_ms);
        let is_done = port.waiting.is_empty() && device.unacknowledged() == 0;
        if leaves.is_some_and(|since: Instant| is_done || since.elapsed() > LEAVING) {
            device.leave();
        }
        port.flush()?;
        let wait_ms = port.wait(device.poll_in(now_ms));
        match net.arrived(wait_ms) {
            None => {}
            Some(Arrived::Opened) => device.signal_opened(),
            Some(Arrived::Closed) => device.signal_closed(now_ms),
            Some(Arrived::Signal(bytes)) => {
                let mut rest = &bytes[..];
                while let Some(event) = device.receive_signal(&mut rest, now_ms) {
                    tell(&event, port);
                }
            }
            Some(Arrived::Datagram(from, mut bytes)) => {
                let mut datagram = Datagram::new(from, &mut bytes);
                while let Some(event) = device.receive(&mut datagram, now_ms) {
                    tell(&event, port);
                }
            }
            Some(Arrived::Input(input)) => port.receive(input),
        }
        while let Some(wanted) = port.wanted() {
            match wanted {
                Wanted::Packet(channel, packet) => port.waiting.push_back((channel, packet)),
                Wanted::Leave => leaves = leaves.or(Some(Instant::now())),
                Wanted::Closed => {
                    device.leave();
                    break;
                }
                // After this room.
                Wanted::Join(join) => port.join = Some(join),
            }
        }
    }
}

/// Sends packets of the device, as far as there is space.
fn send(device: &mut Device<'_>, port: &mut Port<'_>, now_ms: u64) {
    while let Some((channel, packet)) = port.waiting.front() {
        let sent = device
            .send(*channel, now_ms, |relay, buf| Ok(((), relay.forward(*channel, packet, buf)?)));
        match sent {
            Ok(()) => {}
            Err(SendError::Full | SendError::NotConnected) => return,
            Err(error) => println!("{}: a packet is lost: {error}", port.line),
        }
        port.waiting.pop_front();
    }
}

/// Tells the device what has happened; `true` if the participant has ended.
fn tell(event: &Event<'_>, port: &mut Port<'_>) -> bool {
    let line = &port.line;
    match event {
        Event::Connected => {
            println!("{line}: connected");
            port.tell(State::Connected);
        }
        Event::Reconnecting { error } => {
            println!("{line}: reconnecting: {error}");
            port.tell(State::Reconnecting);
        }
        Event::Reconnected { is_resumed, lost } => {
            println!("{line}: reconnected, {lost} packets lost");
            port.tell(State::Reconnected { is_resumed: *is_resumed, lost: *lost });
        }
        Event::Disconnected { reason, error } => {
            let message = error.map_or_else(String::new, |error| error.to_string());
            println!("{line}: disconnected: {reason:?} {message}");
            port.tell(State::Disconnected { reason: *reason, message: &message });
            return true;
        }
        Event::Participant { is_local, info } => {
            println!("{line}: {} is {:?}", info.identity, info.state);
            if !is_local && info.state == participant_info::State::Disconnected {
                port.tell(State::Left { identity: info.identity, sid: info.sid });
            }
        }
        Event::Data(Data::Relayed { channel, packet }) => port.forward(*channel, packet),
        Event::TooLong { len, .. } => println!("{line}: a packet of {len} bytes is too long"),
        _ => {}
    }
    false
}
