//! What the programs with a data plane have in common: each does what its [`Session`] can, whatever it receives.

use core::hint::black_box;

use livekit_micro::data::{
    Calls, Channel, Data, Encryption, Event, Incoming, Invocation, Keep, LocalParticipant,
    Received, Rpc, RpcError, Session, StreamOptions, StreamPart, Streams, Topics,
};

/// What a panel wants of an agent.
pub struct Wanted;

impl Topics for Wanted {
    const TOPICS: &'static [&'static str] = &["lk.transcription", "log"];
}

/// The session of a program: in a static, as in a firmware.
#[macro_export]
macro_rules! session {
    ($session:ty) => {{
        static mut SESSION: $session = <$session>::new();
        // SAFETY: a program has one thread, and takes it once in its loop.
        unsafe { &mut *(&raw mut SESSION) }
    }};
}

/// Receives a frame, and sends the frames that are to be sent at once.
#[inline(always)]
pub fn receive<'f, S: Streams, R: Calls, K: Keep>(
    session: &mut Session<S, R, K>,
    frame: &'f [u8],
    out: &mut [u8],
) -> Option<Event<'f>> {
    let (channel, now) = black_box((Channel::Reliable, 5));
    let (event, replies) = session.receive(channel, frame, now, out).ok()?;
    black_box(replies);
    event
}

/// Publishes a reading.
#[inline(always)]
pub fn publish<K: Keep, E: Encryption>(local: &mut LocalParticipant<K, E>, out: &mut [u8]) {
    let (topic, payload) = black_box(("temperature", &[1, 2, 3]));
    black_box(local.publish_data(&Data { payload, topic, to: &[] }, out).ok());
}

/// Sends a file, whose chunk is made in place, and the header of a text.
#[inline(always)]
pub fn send_streams<K: Keep>(local: &mut LocalParticipant<K>, out: &mut [u8]) {
    let (topic, name, random) = black_box(("log", "log.txt", [1; 16]));
    let options = StreamOptions { topic, name, total_length: Some(3), ..Default::default() };
    if let Ok((mut writer, frame)) = local.stream_bytes(&options, random, out) {
        black_box(frame);
        if let Ok(frame) = writer.write_in_place(local, out, |space| black_box(space).len().min(3))
        {
            black_box(frame);
        }
        black_box(writer.close(local, "", &[], out).ok());
    }
    if let Ok((_, frame)) = local.stream_text(&options, random, out) {
        black_box(frame);
    }
}

/// Uses a part of a stream.
#[inline(never)]
pub fn take(part: &StreamPart<'_>) {
    if let Some(info) = part.opened {
        black_box((info.from, info.is_text, info.attributes().get("lk.segment_id")));
    }
    black_box((part.stream, part.topic, part.content, part.closed));
}

/// Uses a user packet.
#[inline(always)]
pub fn print(data: &Received<'_>) {
    black_box((data.from, data.topic, data.payload));
}

/// A turn of a device with streams: publishes, sends, looks at the time and takes a frame.
#[inline(always)]
pub fn converse<const CALLS: usize, const V2: bool>(
    session: &mut Session<Incoming<Wanted, 2>, Rpc<CALLS, V2>>,
    frame: &[u8],
    out: &mut [u8],
) {
    publish(&mut session.local, out);
    send_streams(&mut session.local, out);
    if let Some(Event::Stream(part)) = session.poll(black_box(7)) {
        take(&part);
    }
    match receive(session, frame, out) {
        Some(Event::Data(data)) => print(&data),
        Some(Event::Stream(part)) => take(&part),
        Some(Event::Call(call)) => respond(session, &call, out),
        _ => {}
    }
}

/// Takes a frame through a window.
#[inline(always)]
pub fn receive_window<S: Streams, R: Calls, K: Keep>(session: &mut Session<S, R, K>, frame: &[u8]) {
    if let Some(part) = session.receive_window(frame, Some(black_box(900)), 5) {
        take(&part);
    }
    if let Some(part) = session.receive_more(frame) {
        take(&part);
    }
}

/// Answers a call.
#[inline(always)]
pub fn respond<S: Streams, const CALLS: usize, const V2: bool, K: Keep>(
    session: &mut Session<S, Rpc<CALLS, V2>, K>,
    call: &Invocation<'_>,
    out: &mut [u8],
) {
    let result = match call.method {
        "led" => Ok(black_box("on")),
        _ => Err(RpcError::UNSUPPORTED_METHOD),
    };
    black_box(session.respond(&call.caller, result, out).ok());
}
