//! The bridge: a child process that carries frames.

use std::io::{BufReader, Read, Write as _};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::Sender;
use std::thread;

use livekit_micro::data::Channel;
use serde::Deserialize;
use serde_json::Value;

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
        let Some(stdin) = &mut self.0 else { return };
        let kind = if channel == Channel::Reliable { 1 } else { 2 };
        let len = u32::try_from(frame.len()).expect("frames are short").to_le_bytes();
        // A bridge that has ended is noticed where its records are read.
        let _ = stdin.write_all(&[&len[..], &[kind], frame].concat());
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
