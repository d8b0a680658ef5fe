//! A device on a line, for which examples/bridge joins a room: what a firmware with a UART does, on the host. It publishes
//! readings, answers calls, streams a log, receives files.
//!
//! ```sh
//! cargo run --example linked --features link -- /dev/pts/3:115200 TOKEN [COUNT [INTERVAL_MS]]
//! ```
//!
//! | method | does |
//! |---|---|
//! | `echo` | answers with its payload |
//! | `log` | streams so many bytes to its caller, topic `log` |
//! | `leave` | leaves the room |

#[cfg(unix)]
#[path = "bridge/serial.rs"]
mod serial;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crc::{CRC_32_ISO_HDLC, Crc, Digest, Table};
use livekit_micro::data::{
    Channel, Closed, Data, Event as Room, Incoming, Invocation, Pending, Rpc, RpcError, Session,
    StreamOptions, StreamPart, StreamWriter, Topics,
};
use livekit_micro::link::{Event, JoinConfig, Link, MAX_FRAME_BYTES, Memory, SendError};

type Error = Box<dyn std::error::Error>;

struct Files;

impl Topics for Files {
    const TOPICS: &'static [&'static str] = &["files"];
}

type Plane = Session<Incoming<Files, 1>, Rpc<1>>;

static CRC: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISO_HDLC);

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [line, token, rest @ ..] = &arguments[..] else {
        return Err("linked PATH[:BAUD]|HOST:PORT TOKEN [COUNT [INTERVAL_MS]]".into());
    };
    let number = |at: usize, default| rest.get(at).map_or(Ok(default), |it| it.parse::<u64>());
    let (count, interval_ms) = (number(0, u64::MAX)?, number(1, 1_000)?);
    let (reader, mut writer) = open(line)?;
    let bytes = received(reader);

    let (mut receive, mut send, mut frame) = ([0; 2_048], [0; 4_096], [0; 2_048]);
    let memory = Memory { receive: &mut receive, send: &mut send, frame: &mut frame };
    let mut link = Link::new(Plane::new(), memory);
    let config = JoinConfig {
        token,
        window: 1_024,
        longest_packet: 16_000,
        random: u32::from_le_bytes(random()),
    };
    let start = Instant::now();
    link.join(config, 0)?;
    let mut device = Device::new(count, interval_ms);
    let mut out = [0; MAX_FRAME_BYTES];
    loop {
        let now_ms = start.elapsed().as_millis() as u64;
        while let Some(frame) = link.poll(now_ms, &mut out) {
            writer.write_all(frame)?;
        }
        while let Some(event) = link.event(now_ms) {
            device.event(&event);
        }
        device.work(&mut link, now_ms);
        if device.has_ended {
            println!("{now_ms} INFO done: sent {}, dropped {}", device.sent, link.dropped());
            return Ok(());
        }
        let wait_ms = link.poll_in(now_ms).unwrap_or(1_000).min(device.wait_ms(now_ms));
        match bytes.recv_timeout(Duration::from_millis(wait_ms.into())) {
            Ok(bytes) => {
                let (now_ms, mut rest) = (start.elapsed().as_millis() as u64, &bytes[..]);
                while let Some(event) = link.input(&mut rest, now_ms) {
                    device.event(&event);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err("the line is closed".into()),
        }
    }
}

type Ends = (Box<dyn Read + Send>, Box<dyn Write>);

fn open(line: &str) -> Result<Ends, Error> {
    let (address, baud) = line.rsplit_once(':').unwrap_or((line, "115200"));
    #[cfg(unix)]
    if address.starts_with('/') {
        let file = serial::open(address, baud.parse()?)?;
        return Ok((Box::new(file.try_clone()?), Box::new(file)));
    }
    let stream = TcpStream::connect((address, baud.parse()?))?;
    Ok((Box::new(stream.try_clone()?), Box::new(stream)))
}

fn received(mut reader: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = [0; 512];
        while let Ok(len @ 1..) = reader.read(&mut bytes) {
            if sender.send(bytes[..len].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system's");
    bytes
}

/// What the device has to do.
struct Device {
    boot: u32,
    sent: u64,
    count: u64,
    interval_ms: u64,
    next_ms: u64,
    answer: Option<(Pending, Result<String, RpcError<'static>>)>,
    log: Option<Log>,
    file: Digest<'static, u32, Table<1>>,
    file_bytes: usize,
    leaves: bool,
    has_ended: bool,
}

/// A log that is streamed.
struct Log {
    writer: Option<StreamWriter<'static>>,
    left: usize,
}

impl Device {
    fn new(count: u64, interval_ms: u64) -> Self {
        Self {
            boot: u32::from_le_bytes(random()),
            sent: 0,
            count,
            interval_ms,
            next_ms: 0,
            answer: None,
            log: None,
            file: CRC.digest(),
            file_bytes: 0,
            leaves: false,
            has_ended: false,
        }
    }

    fn wait_ms(&self, now_ms: u64) -> u32 {
        match self.sent < self.count {
            true => self.next_ms.saturating_sub(now_ms).clamp(1, 1_000) as u32,
            false => 1_000,
        }
    }

    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Connected => println!("0 INFO connected"),
            Event::Reconnecting { error } => println!("0 INFO reconnecting: {error:?}"),
            Event::Reconnected { is_resumed, lost } => {
                self.log = None;
                println!("0 INFO reconnected, resumed {is_resumed}, {lost} lost");
            }
            Event::Disconnected { reason, message } => {
                println!("0 INFO disconnected: {reason:?}, {message:?}");
                self.has_ended = true;
            }
            Event::Failed(error) => println!("0 INFO {error}"),
            Event::Dropped { reliable, lossy } => {
                println!("0 INFO the bridge dropped {reliable} and {lossy} packets");
            }
            Event::Data(Room::Data(data)) => {
                println!("0 INFO {} [{}] {} bytes", data.from, data.topic, data.payload.len());
            }
            Event::Data(Room::Call(call)) => self.called(call),
            Event::Data(Room::Stream(part)) => self.part(part),
            Event::TooLong { len, .. } => println!("0 INFO a packet of {len} bytes is too long"),
            _ => {}
        }
    }

    fn called(&mut self, call: &Invocation<'_>) {
        println!("0 INFO {} calls {}", call.caller.identity, call.method);
        let result = match (call.method, call.payload.parse::<usize>()) {
            ("echo", _) => Ok(call.payload.to_owned()),
            ("log", Ok(left)) => {
                self.log = Some(Log { writer: None, left });
                Ok(String::new())
            }
            ("leave", _) => {
                self.leaves = true;
                Ok(String::new())
            }
            _ => Err(RpcError::UNSUPPORTED_METHOD),
        };
        self.answer = call.caller.keep().map(|caller| (caller, result));
    }

    fn part(&mut self, part: &StreamPart<'_>) {
        if part.opened.is_some() {
            (self.file, self.file_bytes) = (CRC.digest(), 0);
        }
        self.file.update(part.content);
        self.file_bytes += part.content.len();
        match part.closed {
            Some(Closed::Complete { .. }) => {
                let crc32 = std::mem::replace(&mut self.file, CRC.digest()).finalize();
                println!("0 INFO file of {} bytes, CRC-32 {crc32:08x}", self.file_bytes);
            }
            Some(closed) => println!("0 INFO file: {closed:?}"),
            None => {}
        }
    }

    /// Sends what is to be sent, as far as there is space.
    fn work(&mut self, link: &mut Link<'_, Plane>, now_ms: u64) {
        if let Some((caller, result)) = &self.answer {
            let result = result.as_ref().map(String::as_str).map_err(|error| *error);
            if link.respond(&caller.caller(), result) == Err(SendError::Full) {
                return;
            }
            self.answer = None;
        }
        if self.leaves {
            self.leaves = false;
            link.leave();
        }
        if self.sent < self.count && now_ms >= self.next_ms && link.is_connected() {
            let (boot, n) = (self.boot, self.sent + 1);
            let payload = format!(r#"{{"boot":"{boot:08x}","n":{n},"celsius":21.5}}"#);
            let data = Data { payload: payload.as_bytes(), topic: "readings", to: &[] };
            match link.publish_data(&data) {
                Ok(()) => {
                    println!("{now_ms} INFO reading {n} sent");
                    (self.sent, self.next_ms) = (n, now_ms + self.interval_ms);
                    if n == self.count {
                        link.leave();
                    }
                }
                Err(SendError::Full | SendError::NotConnected) => {}
                Err(error) => println!("{now_ms} INFO reading {n} not sent: {error}"),
            }
        }
        while let Some(log) = &mut self.log {
            match log.step(link) {
                Ok(false) => {}
                Ok(true) => self.log = None,
                Err(SendError::Full | SendError::NotConnected) => return,
                Err(error) => {
                    println!("{now_ms} INFO the log ends: {error}");
                    self.log = None;
                }
            }
        }
    }
}

impl Log {
    /// Sends the next part; `true` after the last one.
    fn step(&mut self, link: &mut Link<'_, Plane>) -> Result<bool, SendError> {
        let Some(writer) = &mut self.writer else {
            let options = StreamOptions { topic: "log", ..StreamOptions::default() };
            let writer = link.send(Channel::Reliable, |session, buf| {
                session.local.stream_text(&options, random(), buf)
            })?;
            self.writer = Some(writer);
            return Ok(false);
        };
        if self.left == 0 {
            let writer = writer.clone();
            link.send(Channel::Reliable, |session, buf| {
                Ok(((), writer.close(&mut session.local, "", &[], buf)?))
            })?;
            return Ok(true);
        }
        let line = [b'.'; 1_024];
        let mut rest = &line[..self.left.min(1_024)];
        let before = rest.len();
        link.send(Channel::Reliable, |session, buf| {
            Ok(((), writer.write(&mut session.local, &mut rest, buf)?))
        })?;
        self.left -= before - rest.len();
        Ok(false)
    }
}
