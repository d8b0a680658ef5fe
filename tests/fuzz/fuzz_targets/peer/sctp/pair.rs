//! Two associations of this crate's: every reliable message arrives once and in order, and nothing else does.

use std::collections::VecDeque;

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use livekit_micro_peer::sctp::{
    Association, Config, Cursor, Delivery, Error, Event, Reliability, SendError, Slot,
};
use support::peer::fake::Fake;

pub fn run(input: &mut Unstructured) {
    let mut memory = [Memory::new(), Memory::new()];
    let mut lab = Lab::new(&mut memory, input.arbitrary() == Ok(true));
    while !input.is_empty() && lab.step(input).is_ok() {}
    lab.finish();
}

const STREAMS: u16 = 3;
const BUFFER: usize = 1_000;

struct Memory {
    send: [u8; BUFFER],
    receive: [u8; 700],
    slots: [Slot; 2],
}

impl Memory {
    fn new() -> Self {
        Self { send: [0; BUFFER], receive: [0; 700], slots: [const { Slot::new() }; 2] }
    }
}

struct End<'a> {
    association: Association<'a, 3>,
    /// What it sent and the other end has not received: the stream, whether it must arrive, the message.
    sent: VecDeque<(u16, bool, Vec<u8>)>,
    /// Packets to it.
    arriving: Vec<Vec<u8>>,
    is_connected: bool,
    is_blocked: bool,
    /// What has come of a message in parts.
    part: Vec<u8>,
    end: Option<Error>,
}

impl End<'_> {
    /// A message of this end's is whole at the other.
    fn has_arrived(&mut self, stream: u16, data: &[u8]) {
        let is_it = |it: &(u16, bool, Vec<u8>)| it.0 == stream && it.2 == data;
        let at = self.sent.iter().position(is_it).expect("it was sent, and only once");
        // The crate takes chunks in the order of their TSNs, so nothing overtakes.
        let before = self.sent.drain(..=at).collect::<Vec<_>>();
        let lost = before[..at].iter().find(|it| it.1);
        assert_eq!(lost, None, "a reliable message is overtaken");
    }
}

struct Lab<'a> {
    ends: [End<'a>; 2],
    now_ms: u64,
    count: u32,
    is_closing: bool,
    /// Messages that do not fit come in parts.
    in_parts: bool,
}

impl<'a> Lab<'a> {
    fn new(memory: &'a mut [Memory; 2], in_parts: bool) -> Self {
        let ends = memory.each_mut().map(|memory| End {
            association: Association::new(&mut memory.send, &mut memory.receive, &mut memory.slots),
            sent: VecDeque::new(),
            arriving: Vec::new(),
            is_connected: false,
            is_blocked: false,
            part: Vec::new(),
            end: None,
        });
        let now_ms = (1 << 32) - 2_000;
        let mut lab = Self { ends, now_ms, count: 0, is_closing: false, in_parts };
        if in_parts {
            lab.ends.iter_mut().for_each(|end| end.association.divide());
        }
        // It must not end by itself: an input can lose as many packets as it likes.
        let config =
            Config { packet: 256, rto_max_ms: 2_000, max_retransmissions: 255, ..Config::DEFAULT };
        let [first, second] = &mut lab.ends;
        // TSNs wrap soon.
        first.association.connect(&mut Fake(31), &config);
        second.association.start(&mut Fake(2), &config);
        lab.poll();
        lab
    }

    fn step(&mut self, input: &mut Unstructured) -> Result<()> {
        let index = usize::from(input.arbitrary::<bool>()?);
        let end = &mut self.ends[index];
        match input.int_in_range(0..=11)? {
            0..=3 if !end.arriving.is_empty() => {
                let at = input.choose_index(end.arriving.len())?;
                let packet = end.arriving.remove(at);
                self.receive(index, &packet);
            }
            4 if !end.arriving.is_empty() => {
                let at = input.choose_index(end.arriving.len())?;
                let packet = end.arriving[at].clone();
                self.receive(index, &packet);
            }
            5 if !end.arriving.is_empty() => {
                let at = input.choose_index(end.arriving.len())?;
                end.arriving.remove(at);
            }
            6..=8 => self.send(index, input)?,
            9 => self.now_ms += u64::from(input.int_in_range(0..=3_000u16)?),
            10 => self.now_ms += u64::from(end.association.poll_in(self.now_ms).unwrap_or(0)),
            11 => match input.int_in_range(0..=15)? {
                // Nobody tells an initiator of an end that has not yet heard of it.
                0 if end.is_connected => {
                    end.association.close();
                    self.is_closing = true;
                }
                _ => _ = end.association.reset_stream(input.int_in_range(0..=STREAMS)?),
            },
            _ => {}
        }
        self.poll();
        Ok(())
    }

    fn send(&mut self, index: usize, input: &mut Unstructured) -> Result<()> {
        let reliability = match input.int_in_range(0..=5)? {
            0 => Reliability::Retransmits(input.int_in_range(0..=2)?),
            1 => Reliability::Lifetime(input.int_in_range(0..=1_000)?),
            _ => Reliability::Reliable,
        };
        let delivery = Delivery { reliability, unordered: input.ratio(1, 4)? };
        let stream = input.int_in_range(0..=STREAMS)?;
        let len = match input.int_in_range(0..=7)? {
            0 => input.int_in_range(4..=1_100)?,
            1 => input.int_in_range(200..=700)?,
            _ => input.int_in_range(4..=60)?,
        };
        self.count += 1;
        let mut message = self.count.to_be_bytes().to_vec();
        message.resize(len, self.count as u8);
        let End { association, sent, is_blocked, .. } = &mut self.ends[index];
        let (before, free) = (association.unacknowledged(stream), association.free());
        let (head, tail) = message.split_at(input.int_in_range(0..=len)?);
        match association.send(stream, 53, delivery, &[head, tail], self.now_ms) {
            Ok(()) => {
                assert_eq!(association.unacknowledged(stream), before + len);
                assert!(association.free() <= free - len);
                // Longer ones are skipped at the other end.
                let is_kept = reliability == Reliability::Reliable && (self.in_parts || len <= 700);
                sent.push_back((stream, is_kept, message));
            }
            Err(error) => {
                assert_eq!(association.unacknowledged(stream), before);
                assert_eq!(association.free(), free);
                if let SendError::Full { needed, free: told } = error {
                    assert!(needed > free && told == free);
                    *is_blocked = true;
                }
            }
        }
        Ok(())
    }

    fn receive(&mut self, index: usize, packet: &[u8]) {
        let mut cursor = Cursor::new();
        let (left, right) = self.ends.split_at_mut(1);
        let (end, other) = match index {
            0 => (&mut left[0], &mut right[0]),
            _ => (&mut right[0], &mut left[0]),
        };
        while let Some(event) = end.association.input(packet, &mut cursor, self.now_ms) {
            assert_eq!(end.end, None, "nothing follows the end");
            match event {
                Event::Connected => {
                    assert!(!end.is_connected);
                    end.is_connected = true;
                }
                Event::Message { stream, ppid, data } => {
                    assert_eq!(ppid, 53);
                    other.has_arrived(stream, data);
                }
                Event::Part { stream, ppid, offset, data, is_last } => {
                    assert!(self.in_parts && ppid == 53 && !data.is_empty());
                    // One that was given up has no end.
                    if offset == 0 {
                        end.part.clear();
                    }
                    assert_eq!(end.part.len(), offset, "a part is missing");
                    end.part.extend(data);
                    if is_last {
                        other.has_arrived(stream, &std::mem::take(&mut end.part));
                    }
                }
                Event::Skipped { stream, len } => {
                    assert!(!self.in_parts, "chunks are not longer than the first");
                    let is_it = |it: &(u16, bool, Vec<u8>)| it.0 == stream && it.2.len() == len;
                    assert!(len > 700 && other.sent.iter().any(is_it));
                }
                Event::Writable => {
                    assert!(end.is_blocked);
                    end.is_blocked = false;
                }
                Event::StreamReset { stream } => assert!(stream <= STREAMS),
                Event::Closed(error) => end.end = Some(error),
                Event::AllStreamsReset | Event::Restarted => unreachable!("{event:?}"),
            }
        }
    }

    fn poll(&mut self) {
        for index in 0..2 {
            let mut count = 0;
            let mut out = [0; 256];
            while let Some(len) = self.ends[index].association.poll(self.now_ms, &mut out) {
                self.ends[1 - index].arriving.push(out[..len].to_vec());
                count += 1;
                assert!(count < 64, "a poll without end");
            }
            assert_ne!(self.ends[index].association.poll_in(self.now_ms), Some(0));
            self.receive(index, &[]);
            let End { association, .. } = &self.ends[index];
            assert!(association.free() <= BUFFER);
            let waiting: usize = (0..=STREAMS).map(|it| association.unacknowledged(it)).sum();
            assert!(waiting + association.free() <= BUFFER, "{waiting}");
        }
    }

    /// The network loses nothing any more.
    fn finish(&mut self) {
        let limit = self.now_ms + 200_000;
        while self.now_ms < limit {
            self.poll();
            let mut is_quiet = true;
            for index in 0..2 {
                for packet in std::mem::take(&mut self.ends[index].arriving) {
                    is_quiet = false;
                    self.receive(index, &packet);
                    self.poll();
                }
            }
            let is_done = |end: &End| {
                let waits = (0..=STREAMS).any(|it| end.association.unacknowledged(it) > 0);
                let resets = (0..=STREAMS).any(|it| end.association.resetting(it));
                let is_idle = end.is_connected && !waits && !resets && !end.is_blocked;
                if self.is_closing { end.end.is_some() } else { is_idle }
            };
            if is_quiet && self.ends.iter().all(is_done) {
                break;
            }
            if is_quiet {
                let due = self.ends.iter().filter_map(|it| it.association.poll_in(self.now_ms));
                self.now_ms += u64::from(due.min().expect("it is not done"));
            }
        }
        assert!(self.now_ms < limit, "they never settle");
        for end in &self.ends {
            match end.end {
                None => assert!(!self.is_closing),
                Some(error) => assert!(self.is_closing && error == Error::Shutdown, "{error}"),
            }
            if !self.is_closing {
                assert_eq!(end.sent.iter().find(|it| it.1), None, "it never arrived");
            }
        }
    }
}
