//! A whole participant on RustCrypto, all but its sockets: as the firmware of examples/firmware/participant has it.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::mem::MaybeUninit;

use livekit_micro::data::{
    Data, Event as Heard, Incoming, PerformRpc, Resend, Rpc, RpcError, Session,
};
use livekit_micro::participant::{Event, JoinConfig, Memory, Participant};
use livekit_micro::signal::ServerUrl;
use livekit_micro_peer::crypto::PrivateKey;
use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::{Datagram, RustCrypto};
use programs::peer::{DATAGRAM, memory};
use programs::session::Wanted;

type Crypto = RustCrypto<fn(&mut [u8])>;
type Device = Participant<'static, Crypto, Session<Incoming<Wanted, 2>, Rpc<2>, Resend<512>>>;

static mut SIGNAL: [u8; 1024] = [0; 1024];
static mut TOKEN: [u8; 1024] = [0; 1024];
static mut FRAME: [u8; 1024] = [0; 1024];

fn random(bytes: &mut [u8]) {
    black_box(bytes);
}

programs::forever!(|bytes, out| {
    static mut DEVICE: MaybeUninit<Device> = MaybeUninit::uninit();
    static mut KEY: Option<PrivateKey> = None;
    let (device, key, datagram) = (&raw mut DEVICE, &raw mut KEY, &raw mut DATAGRAM);
    let (signal, token, frame) = (&raw mut SIGNAL, &raw mut TOKEN, &raw mut FRAME);
    // SAFETY: a program has one thread, and takes them once in its loop.
    let (device, key, datagram) = unsafe { (&mut *device, &mut *key, &mut *datagram) };
    // SAFETY: so it does these.
    let memory = unsafe {
        Memory {
            peer: memory(),
            signal: &mut *signal,
            token: &mut *token,
            frame: &mut *frame,
            request: &mut [],
        }
    };
    *key = PrivateKey::from_bytes(black_box(&[1; 32]));
    let device = device.write(Participant::new(RustCrypto::new(random), Session::new(), memory));
    let now = black_box(7);
    if let Some(key) = key {
        let url = ServerUrl {
            is_tls: false,
            authority: black_box("10.0.2.2:7880"),
            host: "",
            port: 0,
            path: "",
        };
        let config = JoinConfig::new(url, Identity { certificate: bytes, key });
        black_box(device.join(config, black_box("token"), now).is_ok());
    }
    while let Some(output) = device.poll(now, out) {
        black_box(&output);
    }
    device.signal_opened();
    let mut rest = bytes;
    while let Some(event) = device.receive_signal(&mut rest, now) {
        black_box(event_size(&event));
    }
    let mut datagram = Datagram::new(black_box(([10, 0, 2, 2], 7).into()), datagram);
    while let Some(event) = device.receive(&mut datagram, now) {
        let mut caller = None;
        if let Event::Data(Heard::Call(call)) = &event {
            caller = call.caller.keep::<64>();
        }
        black_box(event_size(&event));
        if let Some(caller) = caller {
            let result = black_box(Ok("21.5")).map_err(|()| RpcError::UNSUPPORTED_METHOD);
            black_box(device.respond(&caller.caller(), result, now).is_ok());
        }
    }
    while let Some(event) = device.event(now) {
        black_box(event_size(&event));
    }
    let data = Data { payload: black_box(b"21.5"), topic: black_box("readings"), to: &[] };
    black_box(device.publish_data(&data, now).is_ok());
    black_box(device.publish_lossy_data(&data, now).is_ok());
    let (destination_identity, method, payload) = black_box(("panel", "show", "21.5"));
    let call = PerformRpc { destination_identity, method, payload, ..PerformRpc::default() };
    black_box(device.perform_rpc(&call, now).ok());
    black_box(device.poll_in(now));
    device.signal_closed(now);
    if black_box(false) {
        device.leave();
    }
});

fn event_size(event: &Event<'_>) -> usize {
    match event {
        Event::Data(Heard::Data(data)) => data.payload.len(),
        Event::Data(Heard::Stream(part)) => part.content.len(),
        Event::Participant { info, .. } => info.identity.len(),
        Event::Disconnected { .. } => 1,
        _ => 0,
    }
}
