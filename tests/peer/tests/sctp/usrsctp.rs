//! usrsctp, the implementation of FreeBSD and Firefox, in a process of its own, over UDP.

use std::net::UdpSocket;
use std::process::{Child, Command};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use livekit_micro_peer::sctp::{Delivery, Error};

use crate::network::End;
use crate::ours::{DEVICE, Ours};

fn program() -> &'static str {
    static PROGRAM: OnceLock<&str> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/usrsctp-echo");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../peers/usrsctp/echo.c");
        let status = Command::new("cc")
            .args(["-O1", "-o", path, source, "-lusrsctp", "-lpthread"])
            .status()
            .expect("a C compiler is installed");
        assert!(status.success(), "libusrsctp-dev is installed");
        path
    })
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sends messages of all sizes on all kinds of streams, and gets them back, over a line that loses packets.
fn converse(role: &str, mut ours: Ours, loss: u32) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port().to_string();
    let mut process = Killed(Command::new(program()).args([role, &port]).spawn().unwrap());
    let mut rng = fastrand::Rng::with_seed(9);
    let began = Instant::now();
    let mut peer = None;
    let mut buffer = [0; 2048];
    let lengths: Vec<usize> = (0..300).map(|_| rng.usize(1..3900)).collect();
    // The number of the next message on each stream.
    let mut next = [0, 1, 2];
    let (mut sent, mut received, mut reset) = (0, 0, false);
    while ours.end.is_none() {
        assert!(began.elapsed() < Duration::from_secs(40), "{sent} sent, {received} received");
        let now = began.elapsed().as_millis() as u64;
        while ours.connected() && sent < lengths.len() {
            let body = vec![sent as u8; lengths[sent]];
            if !ours.send((sent % 3) as u16, Delivery::RELIABLE, &body, now) {
                break;
            }
            sent += 1;
        }
        for (stream, body) in ours.received() {
            let number = next[usize::from(stream)];
            assert!(body == vec![number as u8; lengths[number]], "not message {number}");
            next[usize::from(stream)] += 3;
            received += 1;
        }
        if received == lengths.len() && !reset {
            reset = true;
            assert!(ours.association.reset_stream(1));
        }
        if reset && !ours.association.resetting(1) {
            ours.association.close();
        }
        while let Some(peer) = peer
            && let Some(packet) = ours.output(now)
        {
            if rng.u32(0..1000) >= loss {
                socket.send_to(&packet, peer).unwrap();
            }
        }
        let wait = ours.association.poll_in(ours.clock + now).unwrap_or(50).clamp(1, 50);
        socket.set_read_timeout(Some(Duration::from_millis(wait.into()))).unwrap();
        if let Ok((len, from)) = socket.recv_from(&mut buffer) {
            peer = Some(from);
            if rng.u32(0..1000) >= loss {
                ours.input(&buffer[..len], began.elapsed().as_millis() as u64);
            }
        }
    }
    assert_eq!((ours.end, received), (Some(Error::Shutdown), 300));
    if let (Some(peer), Some(packet)) = (peer, ours.output(0)) {
        socket.send_to(&packet, peer).unwrap();
    }
    if loss == 0 {
        process.0.wait().unwrap();
    }
}

#[test]
fn usrsctp_connects_and_echoes() {
    converse("client", Ours::responder(&DEVICE), 0);
}

#[test]
fn usrsctp_is_connected_to_and_echoes() {
    converse("server", Ours::initiator(&DEVICE), 0);
}

#[test]
fn usrsctp_and_ours_connect_at_the_same_time() {
    converse("client", Ours::initiator(&DEVICE), 0);
}

#[test]
fn usrsctp_echoes_over_a_line_that_loses_packets() {
    converse("client", Ours::responder(&DEVICE), 50);
}
