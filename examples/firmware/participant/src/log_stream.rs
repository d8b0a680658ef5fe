//! Streams the log to who asks for it: its lines as they come, or as many bytes as are wanted.

use core::cell::RefCell;
use core::convert::Infallible;

use defmt::warn;
use embassy_futures::select::{Either, select};
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::signal::Signal;
use heapless::String;
use livekit_micro::data::{Channel, StreamOptions, StreamWriter};
use livekit_micro::participant::SendError;
use livekit_micro_embassy::Room;

use crate::board;
use crate::counters::{Counters, add};
use crate::device::{Crypto, Plane};
use crate::log::Log;

type Lab<'r> = Room<'r, 'static, Crypto, Plane>;

/// Bytes that may be asked for.
pub const MOST: u32 = 102_400;

/// A log that is wanted.
pub struct Request {
    /// The identity of its reader; empty for nobody.
    pub to: String<64>,
    /// Numbered lines of so many bytes, to measure with; 0 for the lines of the log, from the oldest one that is kept
    /// until there is another request.
    pub bytes: u32,
}

/// One stream at a time. A request ends the stream before.
pub struct LogStream {
    wanted: Signal<NoopRawMutex, Request>,
    reader: RefCell<String<64>>,
}

impl LogStream {
    pub const fn new() -> Self {
        Self { wanted: Signal::new(), reader: RefCell::new(String::new()) }
    }

    pub fn want(&self, request: Request) {
        self.wanted.signal(request);
    }

    /// Ends the stream.
    pub fn end(&self) {
        self.want(Request { to: String::new(), bytes: 0 });
    }

    /// Notes that a participant has left: a log that it reads ends.
    pub fn left(&self, identity: &str) {
        if self.reader.borrow().as_str() == identity {
            self.end();
        }
    }

    /// Serves requests, one after the other.
    pub async fn serve(&self, log: &Log, counters: &Counters, room: &Lab<'_>) -> Infallible {
        let mut next = None;
        loop {
            let request = match next.take() {
                Some(request) => request,
                None => self.wanted.wait().await,
            };
            if request.to.is_empty() {
                continue;
            }
            self.reader.borrow_mut().clone_from(&request.to);
            let to = [request.to.as_str()];
            if let Err(error) =
                self.stream(&to, request.bytes, log, counters, room, &mut next).await
            {
                warn!("no log to {=str}: {}", request.to.as_str(), error);
            }
        }
    }

    async fn stream(
        &self,
        to: &[&str],
        bytes: u32,
        log: &Log,
        counters: &Counters,
        room: &Lab<'_>,
        next: &mut Option<Request>,
    ) -> Result<(), SendError> {
        let mut id = [0; 16];
        board::entropy(&mut id);
        let total_length = Some(bytes).filter(|bytes| *bytes > 0);
        let options = StreamOptions { topic: "log", to, total_length, ..StreamOptions::default() };
        let mut writer = room
            .send(Channel::Reliable, |session, buf| session.local.stream_text(&options, id, buf))
            .await?;
        let mut stream = Stream { writer: &mut writer, counters, room };
        let content = async {
            match bytes {
                0 => stream.follow(log).await,
                bytes => stream.number(bytes).await,
            }
        };
        let reason = match select(self.wanted.wait(), content).await {
            Either::First(request) => {
                *next = Some(request);
                "another one is wanted"
            }
            Either::Second(done) => done.map(|()| "")?,
        };
        room.send(Channel::Reliable, |session, buf| {
            Ok(((), writer.clone().close(&mut session.local, reason, &[], buf)?))
        })
        .await
    }
}

/// A stream that is open.
struct Stream<'s, 'to> {
    writer: &'s mut StreamWriter<'to>,
    counters: &'s Counters,
    room: &'s Lab<'s>,
}

impl Stream<'_, '_> {
    /// Sends lines of the log as they come, without an end.
    async fn follow(&mut self, log: &Log) -> Result<(), SendError> {
        let mut at = log.oldest();
        loop {
            if log.has(at) {
                self.chunk(&mut |space| log.read(&mut at, space)).await?;
            } else {
                log.news.wait().await;
            }
        }
    }

    /// Sends numbered lines: so many bytes.
    async fn number(&mut self, bytes: u32) -> Result<(), SendError> {
        let mut at = 0;
        while at < bytes {
            self.chunk(&mut |space| {
                let len = space.len().min((bytes - at) as usize);
                for (place, at) in space.iter_mut().zip(at..bytes) {
                    *place = numbered(at);
                }
                at += len as u32;
                len
            })
            .await?;
        }
        Ok(())
    }

    /// Sends what `fill` puts where it is sent from, once there is space.
    async fn chunk(&mut self, fill: &mut dyn FnMut(&mut [u8]) -> usize) -> Result<(), SendError> {
        let Self { writer, counters, room } = self;
        room.send(Channel::Reliable, |session, buf| {
            let frame = writer.write_in_place(&mut session.local, buf, |space| {
                let len = fill(space);
                add(&counters.logged, len as u32);
                len
            })?;
            Ok(((), frame))
        })
        .await
    }
}

/// The byte at a place of lines of 16 bytes: `line 0000000000`, …
fn numbered(at: u32) -> u8 {
    let (line, column) = (at / 16, at % 16);
    match column {
        0..5 => b"line "[column as usize],
        15 => b'\n',
        _ => b'0' + (line / 10u32.pow(14 - column) % 10) as u8,
    }
}
