//! Joins a room from a terminal, by the same code as a device: prints what happens, sends lines, answers `ping` and
//! `echo`, streams a file.
//!
//! ```sh
//! cargo run --example join --features participant -- ws://localhost:7880 TOKEN
//! ```
//!
//! | line | does |
//! |---|---|
//! | a text | publishes it, topic `chat` |
//! | `/call WHO METHOD [PAYLOAD]` | calls a method, and prints the answer |
//! | `/file PATH` | streams a file, topic `files` |
//! | `/quit`, or the end of the input | leaves |

#[path = "../host/net.rs"]
mod net;
mod outgoing;
#[path = "../host/store.rs"]
mod store;

use std::io::BufRead as _;
use std::thread;
use std::time::Instant;

use livekit_micro::data::{Event as Data, Incoming, Resend, RpcError, RpcV2, Session, Topics};
use livekit_micro::participant::peer::ice::Transport;
use livekit_micro::participant::peer::{Datagram, sdp};
use livekit_micro::participant::{Event, JoinConfig, Participant};
use livekit_micro::signal::ServerUrl;
use livekit_micro::topics;

use net::{Arrived, Net};
use outgoing::Outgoing;
use store::{Crypto, Store};

/// The streams that are printed.
struct Printed;

impl Topics for Printed {
    const TOPICS: &'static [&'static str] =
        &[topics::TRANSCRIPTION, topics::CHAT, "files", topics::RPC_REQUEST, topics::RPC_RESPONSE];
}

type Device<'a> = Participant<'a, Crypto, Session<Incoming<Printed, 8>, RpcV2<8>, Resend<16_384>>>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(token)) = (arguments.next(), arguments.next()) else {
        return Err("join URL TOKEN [tcp]".into());
    };
    let url = ServerUrl::parse(&url)?;
    let transport = if arguments.next().is_some_and(|it| it == "tcp") {
        Transport::Tcp
    } else {
        Transport::Udp
    };

    let mut store = Store::new()?;
    let (mut device, identity): (Device<'_>, _) = store.participant(Session::new());
    let mut config = JoinConfig::new(url, identity);
    (config.transport, config.candidate) = (transport, sdp::candidate);
    config.options.version = env!("CARGO_PKG_VERSION");
    device.join(config, &token, 0)?;
    let net = Net::new(&url, transport)?;
    let input = net.input();
    thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            input(Some(line));
        }
        input(None);
    });
    run(&mut device, net)
}

fn run(
    device: &mut Device<'_>,
    mut net: Net<Option<String>>,
) -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let (mut out, mut outgoing) = ([0; 8192], Outgoing::default());
    loop {
        let now_ms = start.elapsed().as_millis() as u64;
        while let Some(output) = device.poll(now_ms, &mut out) {
            net.act(output);
        }
        while let Some(event) = device.event(now_ms) {
            if matches!(event, Event::Disconnected { .. }) {
                tell(&event, &mut outgoing);
                return Ok(());
            }
            tell(&event, &mut outgoing);
        }
        outgoing.send(device, now_ms);
        let wait_ms = device.poll_in(now_ms).unwrap_or(1_000);
        match net.arrived(wait_ms) {
            None => {}
            Some(Arrived::Opened) => device.signal_opened(),
            Some(Arrived::Closed) => device.signal_closed(now_ms),
            Some(Arrived::Signal(bytes)) => {
                let mut rest = &bytes[..];
                while let Some(event) = device.receive_signal(&mut rest, now_ms) {
                    tell(&event, &mut outgoing);
                }
            }
            Some(Arrived::Datagram(from, mut bytes)) => {
                let mut datagram = Datagram::new(from, &mut bytes);
                while let Some(event) = device.receive(&mut datagram, now_ms) {
                    tell(&event, &mut outgoing);
                }
            }
            Some(Arrived::Input(line)) => match line {
                Some(line) if line != "/quit" => outgoing.line(&line),
                _ => device.leave(),
            },
        }
    }
}

/// Prints what has happened, and notes what is to be answered.
fn tell(event: &Event<'_>, outgoing: &mut Outgoing) {
    match event {
        Event::Connected => println!("connected"),
        Event::Reconnecting { error } => println!("reconnecting: {error}"),
        Event::Reconnected { is_resumed: true, lost } => {
            println!("reconnected, {lost} packets lost")
        }
        Event::Reconnected { .. } => println!("joined anew"),
        Event::Disconnected { reason, error: None } => println!("disconnected: {reason:?}"),
        Event::Disconnected { reason, error: Some(error) } => {
            println!("disconnected: {reason:?}, {error}");
        }
        Event::Participant { is_local, info } => {
            let who = if *is_local { " (this one)" } else { "" };
            println!("{} is {:?}{who}", info.identity, info.state);
        }
        Event::Data(Data::Data(data)) => {
            println!("{} [{}] {}", data.from, data.topic, String::from_utf8_lossy(data.payload));
        }
        Event::Data(Data::Call(call)) => {
            println!("{} calls {}({:?})", call.caller.identity, call.method, call.payload);
            let result = match call.method {
                "ping" => Ok("pong".to_owned()),
                "echo" => Ok(call.payload.to_owned()),
                _ => Err(RpcError::UNSUPPORTED_METHOD),
            };
            if let Some(caller) = call.caller.keep() {
                outgoing.respond(caller, result);
            }
        }
        Event::Data(Data::Answer(answer)) => match answer.result {
            Ok(payload) => println!("answer: {payload:?}"),
            Err(error) => println!("error {}: {}", error.code.0, error.message),
        },
        Event::Data(Data::Stream(part)) => {
            if let Some(opened) = part.opened {
                println!("{} streams {:?} bytes", opened.from, opened.total_length);
            }
            match part.text() {
                Ok(text) if !text.is_empty() => println!("  {text}"),
                _ => println!("  {} bytes at {}", part.content.len(), part.offset),
            }
            if let Some(closed) = part.closed {
                println!("  {closed:?}");
            }
        }
        Event::TooLong { len, .. } => println!("a packet of {len} bytes is too long"),
        Event::Malformed(error) => println!("malformed: {error}"),
        Event::Skipped { field, len } => println!("{field} of {len} bytes was skipped"),
        _ => {}
    }
}
