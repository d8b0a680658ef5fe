//! A peer that sends back what a page, or any other peer, sends on its channel `echo`.
//!
//! ```sh
//! cargo run -p livekit-micro-peer --example echo -- 127.0.0.1
//! ```
//!
//! Then open the page whose address it prints. The address given is the one at which browsers reach this machine.

mod signalling;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use livekit_micro_peer::certificate::self_signed;
use livekit_micro_peer::crypto::{Crypto as _, RustCrypto};
use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::ice::Candidate;
use livekit_micro_peer::peer::{Error, Memory};
use livekit_micro_peer::sctp::{Delivery, Slot};
use livekit_micro_peer::sdp::{self, Description};
use livekit_micro_peer::{Datagram, Event, Peer};
use signalling::Signalling;

type Crypto = RustCrypto<fn(&mut [u8])>;

fn main() {
    let ip = std::env::args().nth(1).map(|ip| ip.parse().expect("an address"));
    let ip = ip.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let mut signalling = Signalling::listen(ip);
    let socket = UdpSocket::bind((ip, 0)).expect("a socket");
    let address = socket.local_addr().expect("it is bound");

    // A device keeps its key, or makes one at each start.
    let mut crypto: Crypto = RustCrypto::new(|bytes| getrandom::fill(bytes).expect("the system's"));
    let (key, public_key) = crypto.generate();
    let mut certificate = [0; 512];
    let certificate =
        self_signed(&mut crypto, &key, &public_key, &mut certificate).expect("it fits");

    loop {
        // What a device has in statics.
        let (mut handshake, mut send, mut receive) = ([0; 1024], [0; 16_384], [0; 16_384]);
        let mut slots = vec![Slot::new(); 8];
        let memory = Memory {
            handshake: &mut handshake,
            send: &mut send,
            receive: &mut receive,
            slots: &mut slots,
        };
        let crypto: Crypto = RustCrypto::new(|bytes| getrandom::fill(bytes).expect("the system's"));
        let mut peer: Peer<'_, Crypto> = Peer::new(crypto, memory);

        let (mut line, mut offer) = ([0; 128], [0; 1024]);
        let line = sdp::write_candidate(&Candidate::host(address), &mut line).expect("it fits");
        let identity = Identity { certificate, key: &key };
        let offer = peer.create_offer(identity, &[line], &mut offer).expect("it fits");
        let answer = signalling.exchange(offer);
        let answer = match Description::read(&answer) {
            Ok(answer) => answer,
            Err(error) => {
                eprintln!("the answer cannot be read: {error}");
                continue;
            }
        };
        if let Err(error) = peer.accept_answer(&answer, 0) {
            eprintln!("the answer is refused: {error}");
            continue;
        }
        for line in answer.candidates() {
            match sdp::candidate(line) {
                Ok(candidate) => _ = peer.add_ice_candidate(&candidate),
                Err(skipped) => println!("skipped {line}: {skipped}"),
            }
        }
        let ended = converse(&mut peer, &socket);
        println!("over: {ended}");
    }
}

/// Runs the connection until it ends.
fn converse(peer: &mut Peer<'_, Crypto>, socket: &UdpSocket) -> Error {
    let start = Instant::now();
    let mut datagram = [0; 1500];
    loop {
        let now_ms = || start.elapsed().as_millis() as u64;
        // 1. What is to be sent.
        while let Some((to, len)) = peer.poll(now_ms(), &mut datagram) {
            if let Err(error) = socket.send_to(&datagram[..len], to) {
                eprintln!("not sent to {to}: {error}");
            }
        }
        // 2. What time has brought.
        let mut is_connected = false;
        while let Some(event) = peer.event(now_ms()) {
            match event {
                Event::Connected => is_connected = true,
                Event::Failed | Event::Disconnected => peer.close(),
                Event::Ended(error) => return error,
                _ => {}
            }
        }
        // 3. What arrives until there is something to do.
        let wait = peer.poll_in(now_ms()).unwrap_or(1_000).max(1);
        socket.set_read_timeout(Some(Duration::from_millis(wait.into()))).expect("it is not zero");
        let mut echoes = Vec::new();
        if let Ok((len, from)) = socket.recv_from(&mut datagram) {
            let mut datagram = Datagram::new(from, &mut datagram[..len]);
            while let Some(event) = peer.receive(&mut datagram, now_ms()) {
                match event {
                    Event::Connected => is_connected = true,
                    Event::Opened { label, .. } => println!("channel {label} is open"),
                    Event::Message { channel, is_text, data } => {
                        println!("{} bytes from {from}", data.len());
                        echoes.push((channel, is_text, data.to_vec()));
                    }
                    Event::Ended(error) => return error,
                    _ => {}
                }
            }
        }
        // 4. What the device has to say.
        if is_connected {
            println!(
                "connected to {}",
                peer.selected().map_or(String::new(), |to: SocketAddr| to.to_string())
            );
            peer.open("echo", Delivery::RELIABLE, now_ms()).expect("it is the first channel");
        }
        for (channel, is_text, data) in echoes {
            let sent = match is_text {
                true => peer.send_text(channel, &String::from_utf8_lossy(&data), now_ms()),
                false => peer.send(channel, &[&data], now_ms()),
            };
            if let Err(error) = sent {
                eprintln!("not sent back: {error}");
            }
        }
    }
}
