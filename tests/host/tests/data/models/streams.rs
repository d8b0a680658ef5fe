//! Streams of several senders at once, beside the table of what LiveKit's SDKs do with each of their packets.

use livekit_micro::data::StreamError;
use livekit_protocol::data_packet::Value;
use proptest::prelude::*;

use super::{Fate, START_MS, check, fates, network};
use crate::frames::{Device, End, Part, Seen, chunk, header, packet, part, receive, seen, trailer};

const SLOTS: usize = 2;
const IDLE_MS: u64 = 30_000;

/// A stream that somebody sends.
#[derive(Debug, Clone)]
struct Script {
    sender: usize,
    id: usize,
    chunks: Vec<usize>,
    /// What its header says, beside the truth: none, or more or less.
    total: Option<i64>,
    reason: &'static str,
    /// Where it stops, because its sender does.
    stops_at: usize,
}

impl Script {
    fn packets(&self, content: u8) -> Vec<(String, Value)> {
        let id = self.id.to_string();
        let sum: usize = self.chunks.iter().sum();
        let mut header = header(&id);
        header.total_length =
            self.total.map(|more| sum.saturating_add_signed(more as isize) as u64);
        let chunks =
            (0..).zip(&self.chunks).map(|(index, len)| chunk(&id, index, &vec![content; *len]));
        let all = [Value::StreamHeader(header)]
            .into_iter()
            .chain(chunks)
            .chain([trailer(&id, self.reason)]);
        all.take(self.stops_at).map(|value| (sid(self.sender), value)).collect()
    }
}

fn sid(sender: usize) -> String {
    format!("PA_{sender:012}")
}

fn script() -> impl Strategy<Value = Script> {
    let chunks =
        prop::collection::vec(prop_oneof![1 => Just(0), 6 => 1..40usize, 2 => 100..400usize], 0..5);
    let total = prop_oneof![4 => Just(None), 4 => Just(Some(0)), 1 => (-3..4i64).prop_map(Some)];
    let reason = prop_oneof![6 => Just(""), 1 => Just("cancelled")];
    let stops_at = prop_oneof![5 => Just(usize::MAX), 1 => 1..4usize];
    (0..3usize, 0..4usize, chunks, total, reason, stops_at).prop_map(
        |(sender, id, chunks, total, reason, stops_at)| Script {
            sender,
            id,
            chunks,
            total,
            reason,
            stops_at,
        },
    )
}

/// What happens at a device.
#[derive(Debug, Clone)]
enum Step {
    /// A packet, whole or through a window with pieces of so many bytes.
    Packet(String, Box<Value>, Option<usize>),
    Pause(u64),
    Left(usize),
    Reset,
}

/// What happens beside packets, and before which of them.
fn disturbances() -> impl Strategy<Value = Vec<(prop::sample::Index, Step)>> {
    let step = prop_oneof![
        6 => prop_oneof![0..5_000u64, 29_000..31_000u64].prop_map(Step::Pause),
        2 => (0..3usize).prop_map(Step::Left),
        1 => Just(Step::Reset),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), step), 0..6)
}

/// The scripts' packets in turns, over the network, with disturbances.
fn steps(
    scripts: &[Script],
    turns: &[usize],
    fates: &[Fate],
    windows: &[Option<usize>],
    disturbances: Vec<(prop::sample::Index, Step)>,
) -> Vec<Step> {
    let mut queues: Vec<_> =
        (0u8..).zip(scripts).map(|(content, script)| script.packets(content).into_iter()).collect();
    let (mut sent, mut turns) = (Vec::new(), turns.iter().cycle());
    while queues.iter().any(|queue| queue.len() > 0) {
        let turn = turns.next().expect("a cycle") % queues.len();
        sent.extend(queues[turn].next());
        // Nobody waits for a turn that is over.
        if queues[turn].len() == 0 {
            queues.swap_remove(turn);
        }
    }
    let packets = network(sent, fates).into_iter().zip(windows.iter().cycle());
    let mut steps: Vec<_> =
        packets.map(|((sid, value), window)| Step::Packet(sid, value.into(), *window)).collect();
    for (at, step) in disturbances {
        steps.insert(at.index(steps.len() + 1), step);
    }
    steps
}

/// An open stream.
struct Open {
    sid: String,
    id: String,
    next: u64,
    received: u64,
    total: Option<u64>,
    at_ms: u64,
}

#[derive(Default)]
struct Model {
    slots: [Option<Open>; SLOTS],
}

impl Model {
    fn find(&mut self, sid: &str, id: &str) -> Option<usize> {
        self.slots.iter().position(|it| it.as_ref().is_some_and(|it| it.sid == sid && it.id == id))
    }

    fn close(&mut self, at: usize, end: End) -> Seen {
        let open = self.slots[at].take().expect("it is open");
        let offset = open.received as u32;
        Seen::Stream(Part { stream: at, offset, closed: Some(end), ..Part::default() })
    }

    /// Gives up all streams of which this is true.
    fn fail(&mut self, error: StreamError, is: impl Fn(&Open) -> bool) -> Vec<Seen> {
        let at: Vec<_> =
            (0..SLOTS).filter(|at| self.slots[*at].as_ref().is_some_and(&is)).collect();
        at.into_iter().map(|at| self.close(at, End::Failed(error))).collect()
    }

    fn receive(&mut self, sid: &str, value: &Value, now_ms: u64) -> Seen {
        match value {
            Value::StreamHeader(it) => {
                if self.find(sid, &it.stream_id).is_some() {
                    return Seen::Nothing;
                }
                let opened = Part { stream: SLOTS, opened: true, ..Part::default() };
                let Some(stream) = self.slots.iter().position(Option::is_none) else {
                    let closed = Some(End::Failed(StreamError::TooManyStreams));
                    return Seen::Stream(Part { closed, ..opened });
                };
                let (sid, id, total) = (sid.into(), it.stream_id.clone(), it.total_length);
                self.slots[stream] =
                    Some(Open { sid, id, next: 0, received: 0, total, at_ms: now_ms });
                Seen::Stream(Part { stream, ..opened })
            }
            Value::StreamChunk(it) => {
                let Some(stream) = self.find(sid, &it.stream_id) else { return Seen::Nothing };
                let open = self.slots[stream].as_mut().expect("it is open");
                if it.chunk_index < open.next {
                    return Seen::Nothing;
                }
                if it.chunk_index > open.next {
                    return self.close(stream, End::Failed(StreamError::MissedChunk));
                }
                let offset = open.received as u32;
                let received = open.received + it.content.len() as u64;
                if open.total.is_some_and(|total| received > total) {
                    return self.close(stream, End::Failed(StreamError::LengthExceeded));
                }
                (open.next, open.received, open.at_ms) = (open.next + 1, received, now_ms);
                if it.content.is_empty() {
                    return Seen::Nothing;
                }
                let content = it.content.clone();
                Seen::Stream(Part { stream, offset, content, ..Part::default() })
            }
            Value::StreamTrailer(it) => {
                let Some(stream) = self.find(sid, &it.stream_id) else { return Seen::Nothing };
                let open = self.slots[stream].as_ref().expect("it is open");
                let end = if !it.reason.is_empty() {
                    End::Aborted(it.reason.clone())
                } else if open.total.is_some_and(|total| total != open.received) {
                    End::Failed(StreamError::Incomplete)
                } else {
                    End::Complete(Vec::new())
                };
                self.close(stream, end)
            }
            other => panic!("{other:?}"),
        }
    }

    fn poll_in(&self, now_ms: u64) -> Option<u32> {
        let open = self.slots.iter().flatten();
        open.map(|it| IDLE_MS.saturating_sub(now_ms - it.at_ms) as u32).min()
    }
}

/// What becomes of a frame that is larger than the receive buffer.
fn receive_in_pieces(device: &mut Device, frame: &[u8], piece: usize, now_ms: u64) -> Seen {
    let (prefix, rest) = frame.split_at(128);
    let Some(first) = device.receive_window(prefix, Some(frame.len()), now_ms) else {
        assert!(device.receive_more(rest).is_none());
        return Seen::Nothing;
    };
    let mut whole = part(&first);
    if whole.closed.is_some() {
        assert!(device.receive_more(rest).is_none());
        return Seen::Stream(whole);
    }
    for piece in rest.chunks(piece) {
        let next = part(&device.receive_more(piece).expect("it is of the stream"));
        assert_eq!((next.stream, next.topic), (whole.stream, whole.topic));
        assert_eq!(next.offset as usize, whole.offset as usize + whole.content.len());
        whole.content.extend(next.content);
    }
    assert!(device.receive_more(b"x").is_none());
    Seen::Stream(whole)
}

fn all(next: impl FnMut() -> Seen) -> Vec<Seen> {
    std::iter::repeat_with(next).take_while(|it| *it != Seen::Nothing).collect()
}

#[test]
fn streams_over_a_bad_network_are_those_of_the_table() {
    let windows = prop::collection::vec(prop::option::of(1..150usize), 1..10);
    let turns = prop::collection::vec(0..6usize, 1..20);
    let case = (prop::collection::vec(script(), 1..7), turns, fates(), windows, disturbances());
    check(case, |(scripts, turns, fates, windows, disturbances)| {
        let (mut device, mut model, mut now_ms) = (Device::new(), Model::default(), START_MS);
        for step in steps(&scripts, &turns, &fates, &windows, disturbances) {
            match &step {
                Step::Packet(sid, value, window) => {
                    let frame = packet(sid, 0, *value.clone());
                    let seen = match window {
                        Some(piece)
                            if matches!(**value, Value::StreamChunk(_)) && frame.len() > 128 =>
                        {
                            receive_in_pieces(&mut device, &frame, *piece, now_ms)
                        }
                        _ => receive(&mut device, &frame, now_ms).0,
                    };
                    assert_eq!(seen, model.receive(sid, value, now_ms), "{step:?}");
                }
                Step::Pause(ms) => now_ms += ms,
                Step::Left(sender) => {
                    let sid = sid(*sender);
                    let left = model.fail(StreamError::ParticipantLeft, |it| it.sid == sid);
                    assert_eq!(all(|| seen(device.participant_left("who", &sid))), left);
                }
                Step::Reset => {
                    let over = model.fail(StreamError::Disconnected, |_| true);
                    assert_eq!(all(|| seen(device.reset())), over);
                }
            }
            let idle = model.fail(StreamError::TimedOut, |it| now_ms - it.at_ms >= IDLE_MS);
            assert_eq!(all(|| seen(device.poll(now_ms))), idle, "{step:?}");
            assert_eq!(device.poll_in(now_ms), model.poll_in(now_ms), "{step:?}");
        }
    });
}
