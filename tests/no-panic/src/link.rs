//! A device on a line and a bridge, on bytes of a line that could be anything.

use core::hint::black_box;

use livekit_micro::borrowed::DisconnectReason;
use livekit_micro::data::{
    Channel, Data, Incoming, Pending, PerformRpc, RpcError, RpcV2, Session, Topics,
};
use livekit_micro::link::{
    Bridge, BridgeEvent, BridgeMemory, Event, JoinConfig, Link, Memory, State,
};

/// The topics of the streams that are taken.
struct Two;

impl Topics for Two {
    const TOPICS: &'static [&'static str] = &["a", "b"];
}

type Plane = Session<Incoming<Two, 2>, RpcV2<2>>;

/// Takes `bytes` for whatever can arrive; returns how many steps succeeded.
#[expect(clippy::deref_addrof, reason = "references to statics that can be changed are refused")]
pub fn exercise(bytes: &'static [u8], out: &mut [u8]) -> usize {
    static mut BUFFERS: [[u8; 1024]; 5] = [[0; 1024]; 5];
    // SAFETY: called once.
    let [receive, send, frame, received, sent] = unsafe { &mut *(&raw mut BUFFERS) };
    // Of any length, as far as the optimiser knows.
    let (receive, send, frame) =
        (black_box(&mut receive[..]), black_box(&mut send[..]), black_box(&mut frame[..]));
    let mut link = Link::new(Plane::new(), Memory { receive, send, frame });
    device(&mut link, black_box(bytes), out);
    let (receive, send) = (black_box(&mut received[..]), black_box(&mut sent[..]));
    let mut bridge = Bridge::new(BridgeMemory { receive, send });
    other_end(&mut bridge, black_box(bytes), out);
    2
}

/// A device, in every order in which it can be called.
#[inline(never)]
fn device(link: &mut Link<'static, Plane>, bytes: &'static [u8], out: &mut [u8]) {
    let text = core::str::from_utf8(bytes).unwrap_or("token");
    let mut caller: Option<Pending> = None;
    let mut steps = 0usize;
    // The program that runs ends; the optimiser knows of no end.
    while black_box(steps < 8) {
        steps = steps.wrapping_add(1);
        let now = black_box(5);
        match black_box(steps) {
            1 => {
                let (window, longest_packet, random) = black_box((64, 64, 1));
                let config = JoinConfig { token: text, window, longest_packet, random };
                black_box(link.join(config, now).is_ok());
            }
            2 => {
                let mut rest = bytes;
                while let Some(event) = link.input(&mut rest, now) {
                    seen(&event, &mut caller);
                }
            }
            3 => _ = black_box(link.poll(now, out)),
            4 => {
                while let Some(event) = link.event(now) {
                    seen(&event, &mut caller);
                }
            }
            5 => {
                let data = Data { payload: bytes, topic: text, to: black_box(&[]) };
                black_box((
                    link.publish_data(&data).is_ok(),
                    link.publish_lossy_data(&data).is_ok(),
                ));
            }
            6 => {
                let call = PerformRpc { destination_identity: text, ..PerformRpc::default() };
                black_box(link.perform_rpc(&call, black_box([1; 16]), now).is_ok());
                if let Some(caller) = caller.take() {
                    let result = black_box(Err(RpcError::UNSUPPORTED_METHOD));
                    black_box(link.respond(&caller.caller(), result).is_ok());
                }
            }
            7 => link.leave(),
            _ => {
                link.set_window(black_box(7));
                black_box((link.poll_in(now), link.unacknowledged(), link.dropped()));
            }
        }
    }
}

fn seen(event: &Event<'_>, caller: &mut Option<Pending>) {
    if let Event::Data(livekit_micro::data::Event::Call(call)) = event {
        *caller = call.caller.keep();
    }
    black_box(event);
}

/// A bridge, likewise.
#[inline(never)]
fn other_end(bridge: &mut Bridge<'static>, bytes: &'static [u8], out: &mut [u8]) {
    let text = core::str::from_utf8(bytes).unwrap_or("text");
    let mut steps = 0usize;
    while black_box(steps < 8) {
        steps = steps.wrapping_add(1);
        let now = black_box(5);
        match black_box(steps) {
            1 => {
                let mut rest = bytes;
                while let Some(event) = bridge.input(&mut rest, now) {
                    if let BridgeEvent::Join(joins) = event {
                        black_box(joins.token);
                    }
                    black_box(event);
                }
            }
            2 => _ = black_box(bridge.poll(now, out)),
            3 => _ = black_box(bridge.event()),
            4 => _ = black_box(bridge.forward(black_box(Channel::Lossy), bytes)),
            5 => {
                let reason = black_box(DisconnectReason::RoomDeleted);
                _ = black_box(bridge.tell(State::Disconnected { reason, message: text }));
                _ = black_box(bridge.tell(State::Left { identity: text, sid: text }));
            }
            6 => {
                let (is_resumed, lost) = black_box((true, 5));
                _ = black_box(bridge.tell(State::Reconnected { is_resumed, lost }));
            }
            7 => bridge.set_window(black_box(7)),
            _ => _ = black_box((bridge.poll_in(now), bridge.unacknowledged(), bridge.is_open())),
        }
    }
}
