//! A session and data tracks, on frames that could be anything.

use core::hint::black_box;
use core::num::NonZeroU16;

use livekit_micro::data::track::{Depacketizer, Packet, Packetizer};
use livekit_micro::data::{
    Channel, Data, Event, Incoming, Keep, LocalParticipant, PerformRpc, Resend, RpcError, RpcV2,
    Session, StreamOptions, StreamPart, Topics,
};

struct Wanted;

impl Topics for Wanted {
    const TOPICS: &'static [&'static str] = &["a", "b"];
    const MAX_BYTES: u32 = 100_000;
}

/// Takes `bytes` for frames, names and payloads; returns how many steps succeeded.
pub fn exercise(bytes: &'static [u8], buf: &mut [u8]) -> usize {
    static mut SESSION: Session<Incoming<Wanted, 2>, RpcV2<2>, Resend<1024>> = Session::new();
    // SAFETY: called once.
    let Some(session) = (unsafe { (&raw mut SESSION).as_mut() }) else { return 0 };
    let frame = black_box(bytes);
    let mut steps = 0usize;
    let mut done = |is_done: bool| steps = steps.wrapping_add(usize::from(is_done));
    done(publish(&mut session.local, frame, buf).is_some());
    done(stream(&mut session.local, frame, buf).is_some());
    let text = core::str::from_utf8(frame).unwrap_or("method");
    let call = PerformRpc {
        destination_identity: text,
        method: text,
        payload: text,
        client_protocol: black_box(2),
        response_timeout_ms: black_box(7),
    };
    done(session.perform_rpc(&call, black_box([1; 16]), black_box(7), buf).is_ok());
    done(session.stream_rpc(&call, black_box(Some(7)), black_box([[1; 16]; 2]), 7, buf).is_ok());
    for frame in session.resume(black_box(7)) {
        black_box(frame);
    }
    black_box(session.receive_states().count());
    for part in
        [session.receive_window(frame, Some(black_box(900)), 5), session.receive_more(frame)]
    {
        done(part.is_some_and(|part| take(&part)));
    }
    let (channel, now) = black_box((Channel::Reliable, 5));
    if let Ok((event, replies)) = session.receive(channel, frame, now, buf) {
        black_box(replies.count());
        match event {
            Some(Event::Stream(part)) => done(take(&part)),
            Some(Event::Call(call)) => {
                let result = match call.method {
                    "a" => Ok(text),
                    _ => Err(RpcError::APPLICATION_ERROR),
                };
                done(session.respond(&call.caller, result, buf).is_ok());
                black_box(call.caller.keep::<32>().is_some());
            }
            event => _ = black_box(event),
        }
    }
    done(session.poll(black_box(7)).is_some());
    black_box(session.poll_in(black_box(7)));
    done(session.participant_left(text, text).is_some());
    done(session.reset().is_some());
    done(track(frame, buf).is_some());
    steps
}

fn publish<K: Keep>(
    local: &mut LocalParticipant<K>,
    payload: &[u8],
    buf: &mut [u8],
) -> Option<usize> {
    let data = Data { payload, topic: core::str::from_utf8(payload).ok()?, to: black_box(&["a"]) };
    black_box(local.publish_lossy_data(&data, buf).ok());
    local.publish_data(&data, buf).ok().map(<[u8]>::len)
}

fn stream<K: Keep>(
    local: &mut LocalParticipant<K>,
    content: &'static [u8],
    buf: &mut [u8],
) -> Option<usize> {
    let text = core::str::from_utf8(content).unwrap_or("log");
    let (to, attributes) = black_box((["a", "b"], [("key", "value")]));
    let options = StreamOptions {
        topic: text,
        name: text,
        to: &to,
        attributes: &attributes,
        total_length: black_box(Some(3)),
        ..StreamOptions::default()
    };
    let (mut writer, frame) = local.stream_text(&options, black_box([1; 16]), buf).ok()?;
    black_box(frame);
    let mut rest = content;
    while !rest.is_empty() {
        black_box(writer.write(local, &mut rest, buf).ok()?);
    }
    black_box(writer.write_in_place(local, buf, |space| black_box(space).len()).ok());
    black_box(writer.close(local, text, &attributes, buf).ok());
    black_box(local.send_text_inline(text, &options, black_box([1; 16]), buf).ok());
    let (_, frame) = local.stream_bytes(&options, black_box([1; 16]), buf).ok()?;
    Some(frame.len())
}

fn take(part: &StreamPart<'_>) -> bool {
    if let Some(info) = part.opened {
        black_box((info.attributes().get("key"), info.invocation(), info.header().is_ok()));
    }
    black_box(part.closed);
    part.text().is_ok()
}

fn track(bytes: &[u8], buf: &mut [u8]) -> Option<usize> {
    let mut received = Depacketizer::new();
    let packet = Packet::read(bytes).ok()?;
    let part = received.receive(&packet)?;
    black_box((received.info(), received.dropped()));
    black_box(part.put(buf).is_ok());
    let mut sent = Packetizer::new(NonZeroU16::MIN);
    let info = *received.info();
    let mut frame = sent.begin(black_box(bytes.len()), &info);
    black_box(frame.write(&mut &*bytes, buf).ok()?);
    frame.write_in_place(buf, |space| _ = black_box(space)).ok()?.map(|it| it.len())
}
