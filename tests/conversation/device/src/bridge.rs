//! The bridge: a child process that carries frames.

use std::io::{BufReader, Read, Write as _};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::Sender;
use std::thread;

use livekit_micro::data::Channel;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Input;

/// What the bridge tells.
pub enum Record {
    News(News),
    Frame(Channel, Vec<u8>),
}

/// A record of JSON.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    Joined(Id),
    Participant(Value),
    Left(Id),
    /// The number of the last packet that the server has received.
    Resumed(u32),
    #[serde(untagged)]
    Open {
        open: String,
    },
    #[serde(untagged)]
    Ended {
        ended: String,
    },
}

#[derive(Deserialize)]
pub struct Id {
    pub identity: String,
    pub sid: String,
}

pub struct Bridge(Option<ChildStdin>);

impl Bridge {
    /// Starts it. It ends when its stdin does.
    pub fn start(arguments: &[String], inputs: Sender<Input>) -> Self {
        let [program, arguments @ ..] = arguments else {
            panic!("conversation-device BRIDGE ARGUMENT…")
        };
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the bridge starts");
        let mut out = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let stdin = child.stdin.take();
        thread::spawn(move || {
            while let Some(record) = read(&mut out) {
                if inputs.send(Input::Record(record)).is_err() {
                    return;
                }
            }
            let _ = child.wait();
            let _ = inputs.send(Input::Ended);
        });
        Self(stdin)
    }

    /// Sends a frame; waits while the connection takes no more.
    pub fn send(&mut self, channel: Channel, frame: &[u8]) {
        self.record(if channel == Channel::Reliable { 1 } else { 2 }, frame);
    }

    /// Loses the connection, and what is sent from now on.
    pub fn cut(&mut self) {
        self.record(0, br#"{"cut": true}"#);
    }

    /// Resumes the connection; `received` are the last packets by their senders' sid.
    pub fn resume(&mut self, received: impl Iterator<Item = (impl AsRef<str>, u32)>) {
        let states: Vec<_> =
            received.map(|(sid, last)| json!({ "sid": sid.as_ref(), "last": last })).collect();
        self.record(0, json!({ "resume": states }).to_string().as_bytes());
    }

    fn record(&mut self, kind: u8, body: &[u8]) {
        let Some(stdin) = &mut self.0 else { return };
        let len = u32::try_from(body.len()).expect("records are short").to_le_bytes();
        // A bridge that has ended is noticed where its records are read.
        let _ = stdin.write_all(&[&len[..], &[kind], body].concat());
    }

    pub fn leave(&mut self) {
        self.0 = None;
    }
}

fn read(from: &mut impl Read) -> Option<Record> {
    loop {
        let mut head = [0; 5];
        from.read_exact(&mut head).ok()?;
        let [a, b, c, d, kind] = head;
        let mut body = vec![0; u32::from_le_bytes([a, b, c, d]) as usize];
        from.read_exact(&mut body).ok()?;
        return Some(match kind {
            0 => Record::News(serde_json::from_slice(&body).expect("a record of the bridge")),
            1 => Record::Frame(Channel::Reliable, body),
            2 => Record::Frame(Channel::Lossy, body),
            _ => continue,
        });
    }
}
