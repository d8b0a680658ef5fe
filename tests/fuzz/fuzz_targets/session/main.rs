//! Any sequence of what happens to a session: frames, pieces of frames, time, others that leave, calls of its
//! own. Content follows on content, a stream that was opened is closed once, a call has one answer.
#![no_main]

mod tracks;

use std::collections::HashMap;

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use livekit_micro::data::{
    CallId, Channel, Data, Event, Incoming, PerformRpc, Resend, Rpc, RpcError, Session, StreamPart,
    Topics,
};
use livekit_protocol as theirs;
use prost_reflect::prost::Message as _;
use support::frames;

struct Two;

impl Topics for Two {
    const TOPICS: &'static [&'static str] = &["a", "b"];
    const MAX_BYTES: u32 = 1_000;
}

const STREAMS: usize = 2;

fuzz_target!(|input: &[u8]| {
    let mut input = Unstructured::new(input);
    let mut lab = Lab::default();
    // Input that ends early has no more steps, which is no failure.
    while !input.is_empty() && lab.step(&mut input).is_ok() {}
    lab.finish();
});

#[derive(Default)]
struct Lab {
    session: Session<Incoming<Two, STREAMS>, Rpc<2>, Resend<256>, (), 2>,
    now_ms: u64,
    /// How much content each open stream has had.
    open: HashMap<usize, u32>,
    waiting: Vec<CallId>,
    last_sequence: u32,
    track: tracks::Track,
}

impl Lab {
    fn step(&mut self, input: &mut Unstructured) -> Result<()> {
        match input.int_in_range(0..=13)? {
            0..=5 => {
                let frame = frames::frame(input)?;
                let lossy = input.ratio(1, 8)?;
                let channel = if lossy { Channel::Lossy } else { Channel::Reliable };
                self.receive(channel, &frame, input.ratio(1, 8)?);
            }
            6 => self.receive_in_pieces(&frames::frame(input)?, input)?,
            7 => self.now_ms += u64::from(input.arbitrary::<u16>()?),
            8 => {
                self.now_ms += u64::from(self.session.poll_in(self.now_ms).unwrap_or_default());
                // Something is due then, if it is due at all.
                let is_due = self.session.poll_in(self.now_ms).is_some();
                assert_eq!(self.poll() > 0, is_due);
            }
            9 => self.call(input)?,
            10 => {
                let payload = &frames::bytes(input)?;
                let data = Data { payload, topic: "a", to: &["bob"] };
                let frame = self.session.publish_data(&data, &mut [0; 512]).map(<[u8]>::to_vec);
                self.sent(&frame.expect("it fits"), None);
            }
            11 => {
                let received = input.int_in_range(0..=self.last_sequence)?;
                let (mut again, mut before) = (self.session.resume(received), received);
                let lost = again.lost();
                let mut count = 0;
                for frame in &mut again {
                    let packet = theirs::DataPacket::decode(frame).expect("a packet");
                    assert!(packet.sequence > before);
                    (before, count) = (packet.sequence, count + 1);
                }
                assert_eq!(count + lost, self.last_sequence - received);
            }
            12 => {
                let (sid, identity) = frames::participant(input)?;
                while let Some(event) = self.session.participant_left(&identity, &sid) {
                    self.told(event);
                }
            }
            _ => self.track.step(input)?,
        }
        self.poll();
        Ok(())
    }

    fn receive(&mut self, channel: Channel, frame: &[u8], is_answered: bool) {
        let mut out = [0xaa; 512];
        let Ok((event, replies)) = self.session.receive(channel, frame, self.now_ms, &mut out)
        else {
            // What is not received makes nothing.
            assert_eq!(self.session.local.last_sequence(), self.last_sequence);
            return;
        };
        let replies: Vec<_> = replies.map(<[u8]>::to_vec).collect();
        // prost also checks text that a session does not look at.
        let packet = theirs::DataPacket::decode(frame);
        let identity = packet.ok().map(|packet| packet.participant_identity);
        replies.iter().for_each(|reply| self.sent(reply, identity.as_deref()));
        let Some(event) = event else { return };
        if let Event::Call(call) = event {
            assert_eq!(replies.len(), 1);
            if is_answered {
                let result = Err(RpcError::UNSUPPORTED_METHOD);
                let frame = self.session.respond(&call.caller, result, &mut out);
                let frame = frame.expect("it fits").to_vec();
                self.sent(&frame, identity.as_deref());
            }
        }
        self.told(event);
    }

    fn receive_in_pieces(&mut self, frame: &[u8], input: &mut Unstructured) -> Result<()> {
        let (prefix, mut rest) = frame.split_at(frame.len().min(128));
        let part = self.session.receive_window(prefix, Some(frame.len()), self.now_ms);
        let mut is_open = part.is_some_and(|part| part.closed.is_none());
        if let Some(part) = part {
            self.part(&part);
        }
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(input.int_in_range(1..=rest.len())?);
            let part = self.session.receive_more(piece);
            assert_eq!(part.is_some(), is_open);
            if let Some(part) = part {
                self.part(&part);
            }
            rest = more;
            // A frame of which the end does not come ends with another.
            if input.ratio(1, 16)? {
                is_open = false;
                break;
            }
        }
        assert!(!is_open || self.session.receive_more(b"x").is_none());
        Ok(())
    }

    fn call(&mut self, input: &mut Unstructured) -> Result<()> {
        let (_, identity) = frames::participant(input)?;
        let call = PerformRpc {
            destination_identity: &identity,
            response_timeout_ms: input.arbitrary::<u16>()?.into(),
            ..PerformRpc::default()
        };
        let random = [input.int_in_range(0..=frames::IDS)?; 16];
        let mut buf = [0; 512];
        match self.session.perform_rpc(&call, random, self.now_ms, &mut buf) {
            Ok((id, frame)) => {
                assert!(!self.waiting.contains(&id));
                self.waiting.push(id);
                let frame = frame.to_vec();
                self.sent(&frame, Some(&identity));
            }
            Err(_) => assert_eq!(self.waiting.len(), 2),
        }
        Ok(())
    }

    /// A frame that was made: numbered on, addressed.
    fn sent(&mut self, frame: &[u8], to: Option<&str>) {
        let packet = theirs::DataPacket::decode(frame).expect("prost reads it");
        assert!(packet.value.is_some());
        assert_eq!(packet.sequence, self.last_sequence + 1);
        self.last_sequence += 1;
        assert!(to.is_none_or(|to| packet.destination_identities == [to]));
    }

    /// All that time has brought; how much that is.
    fn poll(&mut self) -> usize {
        let mut count = 0;
        while let Some(event) = self.session.poll(self.now_ms) {
            self.told(event);
            count += 1;
        }
        count
    }

    fn told(&mut self, event: Event<'_>) {
        match event {
            Event::Stream(part) => self.part(&part),
            Event::Answer(answer) => {
                let at = self.waiting.iter().position(|call| *call == answer.call);
                self.waiting.remove(at.expect("a call that waits"));
            }
            _ => {}
        }
        let _ = format!("{event:?}");
    }

    fn part(&mut self, part: &StreamPart<'_>) {
        let next = part.offset + part.content.len() as u32;
        assert!(part.topic < Two::TOPICS.len() && next <= Two::MAX_BYTES);
        if let Some(info) = part.opened {
            // What is not looked at may be no text.
            assert!(info.header().map_or(true, |header| header.topic == Two::TOPICS[part.topic]));
            let _ = info.attributes().iter().count();
            assert!(part.offset == 0 && !self.open.contains_key(&part.stream));
            assert_eq!(part.stream == STREAMS, part.closed.is_some());
        } else {
            assert_eq!(self.open.get(&part.stream), Some(&part.offset));
        }
        match part.closed {
            Some(_) => self.open.remove(&part.stream),
            None => self.open.insert(part.stream, next),
        };
    }

    /// Nothing is left when the connection is.
    fn finish(&mut self) {
        while let Some(event) = self.session.reset() {
            self.told(event);
        }
        assert!(self.open.is_empty() && self.waiting.is_empty());
        assert_eq!(self.session.poll_in(self.now_ms), None);
    }
}
