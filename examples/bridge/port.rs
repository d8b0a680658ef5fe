//! A line with a device, or without.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use livekit_micro::data::Channel;
use livekit_micro::link::{Bridge, BridgeEvent, BridgeMemory, MAX_FRAME_BYTES, State};

use crate::net::{Arrived, Net};

/// Packets of the device's that wait until the room takes them, in bytes. It sends no more than fit.
const WAITING_BYTES: usize = 32_767;

/// What arrives on a line: `None` at its end.
pub type Input = Option<Vec<u8>>;

/// As whom a device joins.
pub struct Join {
    pub token: String,
    pub client_protocol: u32,
    pub reads_deflate: bool,
    pub longest_packet: usize,
}

/// What the device wants.
pub enum Wanted {
    Join(Join),
    Packet(Channel, Vec<u8>),
    Leave,
    /// It is gone.
    Closed,
}

pub struct Port<'a> {
    pub line: String,
    bridge: Bridge<'a>,
    writer: Box<dyn Write>,
    start: Instant,
    /// What was received and is not looked at yet.
    received: Vec<u8>,
    is_over: bool,
    /// The device that has joined is gone: what is told is not for the next one.
    is_gone: bool,
    /// Packets for the room.
    pub waiting: VecDeque<(Channel, Vec<u8>)>,
    /// The device wants to join, or to join again.
    pub join: Option<Join>,
}

impl<'a> Port<'a> {
    pub fn new(line: &str, writer: impl Write + 'static, memory: BridgeMemory<'a>) -> Self {
        Self {
            line: line.to_owned(),
            bridge: Bridge::new(memory),
            writer: Box::new(writer),
            start: Instant::now(),
            received: Vec::new(),
            is_over: false,
            is_gone: false,
            waiting: VecDeque::new(),
            join: None,
        }
    }

    pub fn now_ms(&self) -> u64 {
        self.start.elapsed().as_millis() as u64
    }

    /// Waits until a device wants to join; `None` at the end of the line.
    pub fn joins(&mut self, net: &mut Net<Input>) -> io::Result<Option<Join>> {
        self.waiting.clear();
        while self.join.is_none() && !self.is_over {
            self.flush()?;
            let wait_ms = self.bridge.poll_in(self.now_ms()).unwrap_or(60_000);
            if let Some(Arrived::Input(input)) = net.arrived(wait_ms) {
                self.receive(input);
            }
            while let Some(wanted) = self.wanted() {
                if let Wanted::Join(join) = wanted {
                    self.join = Some(join);
                }
            }
        }
        self.is_gone = false;
        Ok(self.join.take())
    }

    /// Notes what has arrived on the line.
    pub fn receive(&mut self, input: Input) {
        match input {
            Some(bytes) => self.received.extend(bytes),
            None => self.is_over = true,
        }
    }

    /// The next thing that the device wants.
    pub fn wanted(&mut self) -> Option<Wanted> {
        if self.is_over {
            let was_gone = std::mem::replace(&mut self.is_gone, true);
            return (!was_gone).then_some(Wanted::Closed);
        }
        let now_ms = self.now_ms();
        let mut rest = &self.received[..];
        let wanted = self.bridge.input(&mut rest, now_ms).and_then(|event| match event {
            BridgeEvent::Join(joins) => Some(Wanted::Join(Join {
                token: joins.token.to_owned(),
                client_protocol: joins.client_protocol,
                reads_deflate: joins.reads_deflate,
                longest_packet: joins.longest_packet,
            })),
            BridgeEvent::Packet { channel, packet } => {
                Some(Wanted::Packet(channel, packet.to_vec()))
            }
            BridgeEvent::Leave => Some(Wanted::Leave),
            BridgeEvent::Closed => {
                self.is_gone = true;
                Some(Wanted::Closed)
            }
            _ => None,
        });
        let read = self.received.len() - rest.len();
        self.received.drain(..read);
        wanted
    }

    /// Writes what the device is to be sent.
    pub fn flush(&mut self) -> io::Result<()> {
        let waiting: usize = self.waiting.iter().map(|(_, packet)| packet.len()).sum();
        self.bridge.set_window(WAITING_BYTES.saturating_sub(waiting));
        let (now_ms, mut out) = (self.now_ms(), [0; MAX_FRAME_BYTES]);
        while let Some(frame) = self.bridge.poll(now_ms, &mut out) {
            self.writer.write_all(frame)?;
        }
        Ok(())
    }

    pub fn poll_in(&self) -> u32 {
        self.bridge.poll_in(self.now_ms()).unwrap_or(1_000)
    }

    pub fn forward(&mut self, channel: Channel, packet: &[u8]) {
        if !self.is_gone {
            self.bridge.forward(channel, packet);
        }
    }

    pub fn tell(&mut self, state: State<'_>) {
        if !self.is_gone && !self.bridge.tell(state) {
            println!("{}: the device reads nothing", self.line);
        }
    }

    /// Waits for so long.
    pub fn wait(&self, others_ms: Option<u32>) -> u32 {
        others_ms.unwrap_or(1_000).min(self.poll_in())
    }
}

/// How long a device that leaves waits for what it has sent.
pub const LEAVING: Duration = Duration::from_secs(2);
