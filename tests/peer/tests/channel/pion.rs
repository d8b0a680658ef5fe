//! pion/sctp and pion/datachannel in a process of their own, over UDP.

use std::net::{SocketAddr, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use livekit_micro_peer::channel::{Role, SendError};
use livekit_micro_peer::sctp::{self, Delivery, Error};
use peer_tests::programs::go;

use crate::device::{Device, Seen, message, opened};

/// Ours, and a process of pion's.
struct Line {
    device: Device,
    socket: UdpSocket,
    peer: Option<SocketAddr>,
    process: Child,
    began: Instant,
    rng: fastrand::Rng,
    /// Of 1000 packets, each way.
    loss: u32,
}

impl Line {
    fn new(pion: &str, device: Device, loss: u32) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port().to_string();
        let mut command = Command::new(go("sctp"));
        let process = command.args([pion, &port]).stdin(Stdio::null()).spawn().unwrap();
        let began = Instant::now();
        let rng = fastrand::Rng::with_seed(7);
        Self { device, socket, peer: None, process, began, rng, loss }
    }

    fn now(&self) -> u64 {
        self.began.elapsed().as_millis() as u64
    }

    fn lost(&mut self) -> bool {
        self.rng.u32(0..1000) < self.loss
    }

    /// Carries packets until `done` says so, at most for so many seconds.
    fn run(&mut self, seconds: u64, mut done: impl FnMut(&mut Device, u64) -> bool) {
        let end = self.now() + seconds * 1000;
        let mut buffer = [0; 2000];
        loop {
            let now = self.now();
            assert!(now < end, "not within {seconds} s; seen: {:?}", self.device.seen);
            let finished = done(&mut self.device, now);
            while let Some(peer) = self.peer
                && let Some(packet) = self.device.output(now)
            {
                if !self.lost() {
                    self.socket.send_to(&packet, peer).unwrap();
                }
            }
            if finished {
                return;
            }
            let wait = self.device.channels.poll_in(now).unwrap_or(100).clamp(1, 100);
            self.socket.set_read_timeout(Some(Duration::from_millis(wait.into()))).unwrap();
            if let Ok((len, from)) = self.socket.recv_from(&mut buffer) {
                self.peer = Some(from);
                if !self.lost() {
                    self.device.input(&buffer[..len], self.now());
                }
            }
        }
    }

    fn run_until(&mut self, seconds: u64, seen: &Seen) {
        self.run(seconds, |device, _| device.saw(seen));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Opens, echoes, closes and ends.
fn converse(line: &mut Line) {
    line.run_until(20, &Seen::Connected);
    line.run_until(20, &opened(1, "from pion", Delivery::RELIABLE, true));
    line.run_until(20, &message(1, true, b"hello"));
    let now = line.now();
    let reliable = line.device.channels.open("_reliable", "", Delivery::RELIABLE, now).unwrap();
    let lossy = line.device.channels.open("_lossy", "", Delivery::LOSSY, now).unwrap();
    line.run_until(20, &opened(reliable, "_reliable", Delivery::RELIABLE, false));
    line.run_until(20, &opened(lossy, "_lossy", Delivery::LOSSY, false));
    for len in [0, 1, 1000, 1132, 1133, 3900] {
        let body = vec![len as u8; len];
        line.run(20, |device, now| device.channels.send(reliable, &[&body], now).is_ok());
        line.run_until(20, &message(reliable, false, &body));
    }
    let now = line.now();
    line.device.channels.send_text(reliable, "text", now).unwrap();
    line.device.channels.send_text(reliable, "", now).unwrap();
    line.run_until(20, &message(reliable, true, b"text"));
    line.run_until(20, &message(reliable, true, b""));

    // Ours closes one, and its number can be used again.
    line.device.channels.close(reliable);
    line.run_until(20, &Seen::Closed { channel: reliable });
    line.run(20, |device, now| {
        device.channels.open("again", "", Delivery::RELIABLE, now) == Ok(reliable)
    });
    line.run_until(20, &opened(reliable, "again", Delivery::RELIABLE, false));
    line.run(20, |device, now| device.channels.send(reliable, &[b"again"], now).is_ok());
    line.run_until(20, &message(reliable, false, b"again"));
}

#[test]
fn pion_connects_and_echoes() {
    converse(&mut Line::new("client", Device::new(Role::Client, false), 0));
}

#[test]
fn pion_is_connected_to_and_echoes() {
    converse(&mut Line::new("server", Device::new(Role::Client, true), 0));
}

#[test]
fn pion_and_ours_connect_at_the_same_time() {
    converse(&mut Line::new("client", Device::new(Role::Client, true), 0));
}

#[test]
fn pion_echoes_over_a_line_that_loses_every_tenth_packet() {
    converse(&mut Line::new("client", Device::new(Role::Client, false), 100));
}

/// Lets pion send `total` bytes in messages of 1000, and returns how long it took.
fn pour(total: usize, loss: u32, buffer: usize, slots: usize) -> Duration {
    let device = Device::with_slots(Role::Client, false, buffer, slots);
    let mut line = Line::new("client", device, loss);
    line.run_until(20, &Seen::Connected);
    let label = format!("pour {total} 1000");
    let now = line.now();
    let channel = line.device.channels.open(&label, "", Delivery::RELIABLE, now).unwrap();
    let mut count = 0;
    let began = Instant::now();
    line.run(60, |device, _| {
        for seen in std::mem::take(&mut device.seen) {
            if let Seen::Message { channel: on, data, .. } = seen
                && on == channel
            {
                assert_eq!(data.len(), 1000);
                assert_eq!((data[0], data[999]), (count as u8, (count + 999) as u8));
                count += 1;
            }
        }
        count * 1000 == total
    });
    println!(
        "{total} B in at {loss} of 1000 lost, {buffer} B and {slots} slots: {:.2} s, {:?}",
        began.elapsed().as_secs_f32(),
        line.device.channels.statistics()
    );
    began.elapsed()
}

#[test]
fn pion_pours_800_kb_in_order_whatever_the_line_loses() {
    for (loss, buffer, slots) in
        [(0, 4096, 4), (20, 4096, 4), (0, 16384, 16), (20, 16384, 16), (100, 16384, 16)]
    {
        pour(800_000, loss, buffer, slots);
    }
}

#[test]
fn pion_gets_back_all_that_it_can_of_800_kb_that_ours_sends() {
    let mut line = Line::new("client", Device::new(Role::Client, false), 20);
    line.run_until(20, &Seen::Connected);
    let now = line.now();
    let channel = line.device.channels.open("echo", "", Delivery::RELIABLE, now).unwrap();
    let (mut sent, mut received) = (0u32, 0u32);
    line.run(60, |device, now| {
        while sent < 800 {
            let mut body = [sent as u8; 1000];
            *body.first_chunk_mut().unwrap() = sent.to_be_bytes();
            match device.channels.send(channel, &[&body], now) {
                Ok(()) => sent += 1,
                Err(SendError::Sctp(sctp::SendError::Full { .. })) => break,
                Err(error) => panic!("{error}"),
            }
        }
        for seen in std::mem::take(&mut device.seen) {
            if let Seen::Message { channel: 0, data, .. } = seen {
                assert_eq!(data[..4], received.to_be_bytes());
                received += 1;
            }
        }
        received == 800
    });
}

#[test]
fn pion_hears_of_an_abort_and_ends() {
    let mut line = Line::new("client", Device::new(Role::Client, false), 0);
    line.run_until(20, &Seen::Connected);
    line.device.channels.abort();
    line.run_until(20, &Seen::Ended(Error::Abandoned));
    let end = Instant::now() + Duration::from_secs(5);
    while line.process.try_wait().unwrap().is_none() {
        assert!(Instant::now() < end, "pion goes on");
        std::thread::sleep(Duration::from_millis(10));
    }
}
