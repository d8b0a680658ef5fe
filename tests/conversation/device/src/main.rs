//! A device in a room: `livekit_micro::data::Session` over a bridge (tests/peers/go/participants/bridge).
//!
//! ```text
//! conversation-device KIND BRIDGE ARGUMENT…
//! ```
//!
//! KIND is the version of RPC: 1, for a device that announces `client_protocol` 0, or 2; or `window`, which is 1
//! with a receive buffer that does not take most frames. With PASSPHRASE in the environment it encrypts
//! (DERIVATION says how the key is made of it).
//! Commands come on stdin, a line of JSON each; responses and events go to stdout. tests/conversation/README.md
//! has the lines, which are the same for every participant of the tests. At the end of stdin it leaves the room.

mod bridge;
mod calls;
mod command;
mod conversation;
mod device;
mod incoming;
mod outgoing;
mod tell;

use std::io::{BufRead as _, stdin};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};
use std::{env, thread};

use bridge::{Bridge, Record};
use command::Command;
use conversation::{Conversation, Receive, StreamRpc, encryption, passphrase};
use device::Device;
use livekit_micro::data::Encryption;

/// What the device waits for.
enum Input {
    Record(Record),
    Command(Command),
    /// stdin has ended.
    Leave,
    /// The bridge has ended.
    Ended,
}

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [kind, bridge @ ..] = arguments.as_slice() else {
        panic!("conversation-device KIND BRIDGE ARGUMENT…")
    };
    let (sender, inputs) = channel();
    let bridge = Bridge::start(bridge, sender.clone());
    commands(sender);
    match (kind.as_str(), passphrase().map(|passphrase| encryption(&passphrase))) {
        ("1", None) => run(&mut Device::<false, ()>::new(bridge, (), false), &inputs),
        ("2", None) => run(&mut Device::<true, ()>::new(bridge, (), false), &inputs),
        ("window", None) => run(&mut Device::<false, ()>::new(bridge, (), true), &inputs),
        ("1", Some(encryption)) => {
            run(&mut Device::<false, _>::new(bridge, encryption, false), &inputs)
        }
        ("2", Some(encryption)) => {
            run(&mut Device::<true, _>::new(bridge, encryption, false), &inputs)
        }
        _ => panic!("a device of kind {kind}"),
    }
}

/// Passes the commands on.
fn commands(to: Sender<Input>) {
    thread::spawn(move || {
        for line in stdin().lock().lines() {
            let line = line.expect("stdin is UTF-8");
            let command =
                serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            if to.send(Input::Command(command)).is_err() {
                return;
            }
        }
        // If nobody listens, the device has ended.
        let _ = to.send(Input::Leave);
    });
}

/// A turn of the loop: all that has arrived, then what time has brought, then one chunk of each stream. In this order a
/// call does not time out whose response waits to be read.
fn run<const V2: bool, E: Encryption>(device: &mut Device<V2, E>, inputs: &Receiver<Input>)
where
    Conversation<V2, E>: StreamRpc + Receive,
{
    let start = Instant::now();
    let now_ms = || start.elapsed().as_millis() as u64;
    let mut is_sending = false;
    loop {
        let idle = if is_sending { Duration::ZERO } else { device.idle(now_ms()) };
        let mut arrived = inputs.recv_timeout(idle).ok();
        while let Some(input) = arrived {
            match input {
                Input::Record(record) => device.receive(record, now_ms()),
                Input::Command(command) => device.command(command, now_ms()),
                Input::Leave => device.leave(),
                Input::Ended => return device.ended(now_ms()),
            }
            arrived = inputs.try_recv().ok();
        }
        device.poll(now_ms());
        is_sending = device.write_chunks();
    }
}
