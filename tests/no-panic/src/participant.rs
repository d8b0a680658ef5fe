//! A participant, on bytes of a server and datagrams that could be anything.

use core::hint::black_box;
use core::num::NonZeroU16;

use livekit_micro::borrowed::SignalRequest;
use livekit_micro::borrowed::encryption::Type as EncryptionType;
use livekit_micro::data::track::{FrameInfo, Packetizer};
use livekit_micro::data::{
    Channel, Data, Event as Heard, Incoming, PerformRpc, Resend, RpcError, RpcV2, Session,
    StreamOptions, Topics,
};
use livekit_micro::participant::{Event, JoinConfig, Memory, Participant, RemoteParticipants};
use livekit_micro::signal::{JoinOptions, ServerUrl};
use livekit_micro_peer::Datagram;
use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::ice::Transport;
use livekit_micro_peer::sdp;

use crate::parts::{Buffers, Cryptography, PrivateKey, address, cryptography, fill, key};

type Device =
    Participant<'static, Cryptography, Session<Incoming<Wanted, 2>, RpcV2<2>, Resend<1024>>>;

struct Wanted;

impl Topics for Wanted {
    const TOPICS: &'static [&'static str] = &["a", "b"];
    const MAX_BYTES: u32 = 100_000;
}

/// Takes `bytes` for whatever can arrive; returns how many steps succeeded.
#[expect(clippy::deref_addrof, reason = "references to statics that can be changed are refused")]
pub fn exercise(bytes: &'static [u8], out: &mut [u8]) -> usize {
    static mut DEVICE: Option<Device> = None;
    static mut BUFFERS: (Buffers, [[u8; 512]; 4]) = (Buffers::new(), [[0; 512]; 4]);
    // SAFETY: called once.
    let (device, buffers) = unsafe { (&mut *(&raw mut DEVICE), &mut *(&raw mut BUFFERS)) };
    let (peer, datagram) = buffers.0.split();
    let [signal, token, frame, request] = &mut buffers.1;
    let memory = Memory {
        peer,
        signal: black_box(signal),
        token: black_box(token),
        frame: black_box(frame),
        request: black_box(request),
    };
    let bytes = black_box(bytes);
    let Some(key) = key() else { return 0 };
    fill(datagram, bytes);
    let device = device.insert(Participant::new(cryptography(), Session::new(), memory));
    member(device, bytes, key, datagram, out)
}

/// A participant, in every order in which it can be called.
fn member(
    device: &mut Device,
    bytes: &'static [u8],
    key: &'static PrivateKey,
    datagram: &mut [u8],
    out: &mut [u8],
) -> usize {
    let text = core::str::from_utf8(bytes).unwrap_or("ws://host");
    let mut steps = 0usize;
    // The program that runs ends; the optimiser knows of no end.
    while black_box(steps < 18) {
        steps = steps.wrapping_add(1);
        let now = black_box(5);
        match black_box(steps) {
            1 => join(device, text, Identity { certificate: bytes, key }, now),
            2 => _ = black_box(device.poll(now, out)),
            3 => device.signal_opened(),
            4 => {
                let mut rest = bytes;
                while let Some(event) = device.receive_signal(&mut rest, now) {
                    seen(&event);
                }
            }
            5 => {
                let mut arrived = Datagram::new(address(), datagram);
                while let Some(event) = device.receive(&mut arrived, now) {
                    seen(&event);
                }
                fill(datagram, bytes);
            }
            6 => {
                if let Some(event) = device.event(now) {
                    seen(&event);
                }
            }
            7 => {
                let data = Data { payload: bytes, topic: text, to: black_box(&["a"]) };
                black_box(device.publish_data(&data, now).is_ok());
                black_box(device.publish_lossy_data(&data, now).is_ok());
            }
            8 => {
                let call = PerformRpc {
                    destination_identity: text,
                    method: text,
                    payload: text,
                    client_protocol: black_box(2),
                    response_timeout_ms: black_box(7),
                };
                black_box(device.perform_rpc(&call, now).is_ok());
            }
            9 => {
                let options = StreamOptions { topic: text, ..StreamOptions::default() };
                let stream = device.send(Channel::Reliable, now, |session, buf| {
                    session.local.stream_text(&options, black_box([1; 16]), buf)
                });
                let (Ok(mut stream), mut rest) = (stream, bytes) else { continue };
                let sent = device.send(Channel::Reliable, now, |session, buf| {
                    Ok(((), stream.write(&mut session.local, &mut rest, buf)?))
                });
                black_box(sent.is_ok());
            }
            10 => _ = black_box(device.request(&SignalRequest::new())),
            11 => device.signal_closed(now),
            12 => device.leave(),
            13 => {
                black_box(device.set_attributes(&[(text, text)]).is_ok());
                black_box((device.set_name(text).is_ok(), device.set_metadata(text).is_ok()));
            }
            14 => {
                let handle = black_box(NonZeroU16::MIN);
                black_box(device.publish_data_track(handle, text, EncryptionType::None).is_ok());
                black_box(device.unpublish_data_track(handle).is_ok());
                black_box(device.subscribe_data_track(text, true).is_ok());
                let mut track = Packetizer::new(handle);
                let info = FrameInfo::default();
                let (mut frame, mut rest) = (track.begin(bytes.len(), &info), bytes);
                black_box(device.send_data_track(&mut frame, &mut rest, now).is_ok());
            }
            _ => {
                black_box((device.poll_in(now), device.is_connected(), device.sid()));
                black_box((device.token(), device.round_trip_ms(), device.dropped()));
                black_box(device.unacknowledged());
            }
        }
        respond(device, bytes, datagram, now);
    }
    steps
}

fn join(
    device: &mut Device,
    text: &'static str,
    identity: Identity<'static, Cryptography>,
    now: u64,
) {
    let Ok(url) = ServerUrl::parse(text) else { return };
    let mut config = JoinConfig::new(url, identity);
    config.options = JoinOptions {
        auto_subscribe_data_track: black_box(true),
        device_model: text,
        version: text,
        metadata: text,
        attributes: black_box(&[("key", "value"), ("empty", "")]),
        ..JoinOptions::default()
    };
    config.longest_packet = black_box(7);
    config.attempts = black_box(3);
    config.data_tracks = black_box(true);
    config.server_ip = black_box(Some([1, 2, 3, 4].into()));
    (config.transport, config.candidate) = black_box((Transport::Tcp, sdp::candidate));
    black_box(device.join(config, text, now).is_ok());
}

/// Responds to the first call of a datagram.
fn respond(device: &mut Device, bytes: &'static [u8], datagram: &mut [u8], now: u64) {
    let text = core::str::from_utf8(bytes).unwrap_or("ok");
    let mut caller = None;
    let mut arrived = Datagram::new(address(), datagram);
    if let Some(Event::Data(Heard::Call(call))) = device.receive(&mut arrived, now) {
        caller = call.caller.keep::<64>();
    }
    if let Some(caller) = caller {
        let result = black_box(Ok(text)).map_err(|()| RpcError::APPLICATION_ERROR);
        black_box(device.respond(&caller.caller(), result, now).is_ok());
    }
}

fn seen(event: &Event<'_>) {
    let mut others = RemoteParticipants::<2>::new();
    others.update(event);
    black_box((others.get("operator").map(|it| it.client_protocol), others.missed()));
    match event {
        Event::Data(Heard::Data(data)) => _ = black_box(data.payload),
        Event::Data(Heard::Stream(part)) => _ = black_box((part.content, part.closed)),
        Event::Participant { info, .. } => {
            black_box((info.attributes.get("key"), info.identity));
        }
        Event::Disconnected { reason, .. } => _ = black_box(reason),
        event => _ = black_box(core::mem::discriminant(event)),
    }
}
