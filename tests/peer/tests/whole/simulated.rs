//! str0m on the other end, on a simulated clock: a network that loses, repeats and delays, from a seed.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use fastrand::Rng;
use livekit_micro_peer::sctp::Delivery;
use peer_tests::whole::{Offline, Told};
use str0m::change::SdpOffer;
use str0m::channel::ChannelId;
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc};

/// Both ends and what is between them.
struct World {
    rng: Rng,
    /// Of a hundred datagrams so many are lost, each way, and so many come twice.
    loss: u32,
    device: Offline,
    other: Rtc,
    start: Instant,
    now_ms: u64,
    wake_ms: u64,
    /// When each arrives, and at which end.
    under_way: VecDeque<(u64, bool, Vec<u8>)>,
    /// Messages that the other received, and how many of them it has sent back.
    received: Vec<(ChannelId, bool, Vec<u8>)>,
    sent_back: usize,
}

const DEVICE: ([u8; 4], u16) = ([10, 0, 0, 1], 5004);
const OTHER: ([u8; 4], u16) = ([10, 0, 0, 2], 7882);

impl World {
    fn new(seed: u64, loss: u32) -> Self {
        str0m::crypto::from_feature_flags().install_process_default();
        let start = Instant::now();
        let mut other = Rtc::new(start);
        let candidate = Candidate::host(OTHER.into(), "udp").expect("a candidate");
        other.add_local_candidate(candidate);
        let mut device = Offline::new(40_000, 20_000, 8, seed);
        device.peer.initiate_sctp();
        let offer = SdpOffer::from_sdp_string(&device.offer()).expect("it reads the offer");
        let answer = other.sdp_api().accept_offer(offer).expect("it takes the offer");
        device.answered(&answer.to_sdp_string(), 0, |_| true);
        let (rng, under_way) = (Rng::with_seed(seed), VecDeque::new());
        let (received, sent_back, now_ms, wake_ms) = (Vec::new(), 0, 0, 0);
        Self { rng, loss, device, other, start, now_ms, wake_ms, under_way, received, sent_back }
    }

    fn transmit(&mut self, to_device: bool, datagram: &[u8]) {
        for _ in 0..1 + u32::from(self.rng.u32(..100) < 5) {
            if self.rng.u32(..100) >= self.loss {
                let at = self.now_ms + self.rng.u64(5..30);
                self.under_way.push_back((at, to_device, datagram.to_vec()));
            }
        }
    }

    /// All that is to be done now, then the time of what is next.
    fn turn(&mut self) {
        while let Some((_, datagram)) = self.device.poll(self.now_ms) {
            self.transmit(false, &datagram);
        }
        self.other();
        let device = self.device.peer.poll_in(self.now_ms).map(|ms| self.now_ms + u64::from(ms));
        let arrival = self.under_way.iter().map(|it| it.0).min();
        let next = [device, arrival, Some(self.wake_ms)].into_iter().flatten().min();
        self.now_ms = next.unwrap_or_default().max(self.now_ms + 1);
        let (arrived, later) = self.under_way.drain(..).partition(|it| it.0 <= self.now_ms);
        self.under_way = later;
        let arrived: VecDeque<_> = arrived;
        for (_, to_device, datagram) in arrived {
            if to_device {
                self.device.input(OTHER.into(), &datagram, self.now_ms);
            } else {
                let (from, to) = (DEVICE.into(), OTHER.into());
                let Ok(it) = Receive::new(Protocol::Udp, from, to, &datagram) else { continue };
                let input = Input::Receive(self.time(), it);
                self.other.handle_input(input).expect("a datagram is no error");
                self.other();
            }
        }
    }

    fn time(&self) -> Instant {
        self.start + Duration::from_millis(self.now_ms)
    }

    fn other(&mut self) {
        while let Some((channel, is_binary, data)) = self.received.get(self.sent_back)
            && let Some(mut channel) = self.other.channel(*channel)
            && channel.write(*is_binary, data).expect("it is open")
        {
            self.sent_back += 1;
        }
        self.other.handle_input(Input::Timeout(self.time())).expect("time is no error");
        loop {
            match self.other.poll_output().expect("it goes on") {
                Output::Timeout(at) => {
                    self.wake_ms = (at.saturating_duration_since(self.start).as_millis() as u64)
                        .max(self.now_ms + 1);
                    return;
                }
                Output::Transmit(sent) => {
                    let datagram: Vec<u8> = sent.contents.into();
                    self.transmit(true, &datagram);
                }
                Output::Event(Event::ChannelData(data)) => {
                    self.received.push((data.id, data.binary, data.data));
                }
                Output::Event(_) => {}
            }
        }
    }

    /// Goes on until an event of the device's; `None` if it does not come in time.
    fn until(&mut self, end_ms: u64, is: impl Fn(&Told) -> bool) -> Option<Told> {
        while self.now_ms < end_ms {
            if let Some(at) = self.device.told.iter().position(&is) {
                return self.device.told.drain(..=at).next_back();
            }
            self.turn();
        }
        None
    }
}

#[test]
fn a_device_connects_within_ten_seconds_though_a_fifth_of_the_datagrams_is_lost_each_way() {
    let (mut times, mut late) = (Vec::new(), Vec::new());
    for seed in 0..100 {
        let mut world = World::new(seed, 20);
        match world.until(10_000, |told| *told == Told::Connected) {
            Some(_) => times.push(world.now_ms),
            None => late.push(seed),
        }
    }
    times.sort_unstable();
    let median = times[times.len() / 2];
    println!(
        "20 % lost both ways: {} of 100 connected within 10 s, median {median} ms, longest {} ms; seeds {late:?} did not",
        times.len(),
        times.last().expect("one did")
    );
    assert!(late.len() <= 2);
}

#[test]
fn every_reliable_message_comes_back_once_and_in_order_whatever_the_network_does() {
    for (seed, loss) in (0..30).zip([0, 2, 10].into_iter().cycle()) {
        let mut world = World::new(1_000 + seed, loss);
        world.until(60_000, |told| *told == Told::Connected).expect("it connects");
        let now_ms = world.now_ms;
        let channel = world.device.peer.open("echo", Delivery::RELIABLE, now_ms).expect("space");
        // str0m sends no message of 0 bytes.
        let messages: Vec<Vec<u8>> = (0..60u32)
            .map(|number| {
                vec![number as u8; [1, 2, 500, 1_200, 5_000, 15_000][number as usize % 6]]
            })
            .collect();
        let (mut sent, mut back) = (0, Vec::new());
        let end = now_ms + 600_000;
        while back.len() < messages.len() {
            assert!(world.now_ms < end, "seed {seed}, loss {loss}: {} of 60 came back", back.len());
            while sent < messages.len()
                && world.device.peer.send(channel, &[&messages[sent]], world.now_ms).is_ok()
            {
                sent += 1;
            }
            world.turn();
            back.extend(world.device.told.drain(..).filter_map(|told| match told {
                Told::Message { data, .. } => Some(data),
                Told::Ended(error) => panic!("seed {seed}, loss {loss}: {error}"),
                _ => None,
            }));
        }
        let received: Vec<_> = world.received.into_iter().map(|it| it.2).collect();
        assert!(back == messages && received == messages, "seed {seed}, loss {loss}");
    }
}
