//! The time of day.

use core::cell::Cell;

use embassy_net::Stack;
use embassy_net::udp::{PacketMetadata, UdpSocket};
use embassy_time::{Duration, Instant, Timer, with_timeout};
use livekit_micro_trust::sntp::{self, SntpError};

use crate::Host;
use crate::changed::Changed;

/// How long a response may take.
const RESPONSE: Duration = Duration::from_secs(3);

/// Between requests while the time is not known: it doubles from the first to the last.
const RETRY_S: [u64; 6] = [1, 2, 4, 8, 16, 32];

/// Between requests afterwards: a crystal of 100 ppm is wrong by 0.4 s then.
const AGAIN: Duration = Duration::from_secs(3600);

/// A clock that is set from a server by SNTP. It does not know the time at first.
pub struct Clock {
    /// Unix time at the start of the device.
    started_s: Cell<Option<u64>>,
    changed: Changed,
}

impl Clock {
    /// A clock that does not know the time.
    pub const fn new() -> Self {
        Self { started_s: Cell::new(None), changed: Changed::new() }
    }

    /// The seconds since 1970; `None` while they are not known.
    pub fn unix_s(&self) -> Option<u64> {
        Some(self.started_s.get()?.saturating_add(Instant::now().as_secs()))
    }

    /// Sets the clock: for a device that has another source of time than [`run`](Self::run).
    pub fn set(&self, unix_s: u64) {
        self.started_s.set(Some(unix_s.saturating_sub(Instant::now().as_secs())));
        self.changed.notify();
    }

    /// Waits until the time is known, and returns it.
    pub async fn known(&self) -> u64 {
        loop {
            let count = self.changed.count();
            match self.unix_s() {
                Some(unix_s) => return unix_s,
                None => self.changed.since(count).await,
            }
        }
    }

    /// Asks this server for the time until it tells it, and each hour from then on. Takes a socket of the stack.
    ///
    /// `random` fills a slice with random bytes: without them anybody could answer in the server's place.
    pub async fn run(&self, stack: Stack<'_>, server: Host<'_>, random: fn(&mut [u8])) -> ! {
        let mut retries = RETRY_S.iter();
        loop {
            stack.wait_config_up().await;
            let pause = match ask(stack, server, random).await {
                Some(unix_s) => {
                    self.set(unix_s);
                    retries = RETRY_S.iter();
                    AGAIN
                }
                None => {
                    #[cfg(feature = "defmt")]
                    defmt::warn!("no time from {=str}", server.name);
                    Duration::from_secs(*retries.next().unwrap_or(&60))
                }
            };
            Timer::after(pause).await;
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// Sends a request, and waits for its response.
async fn ask(stack: Stack<'_>, server: Host<'_>, random: fn(&mut [u8])) -> Option<u64> {
    let server = server.resolve(stack).await?;
    let (mut receive_meta, mut send_meta) =
        ([PacketMetadata::EMPTY; 1], [PacketMetadata::EMPTY; 1]);
    let (mut receive, mut send) = ([0; 96], [0; sntp::PACKET_BYTES]);
    let mut socket =
        UdpSocket::new(stack, &mut receive_meta, &mut receive, &mut send_meta, &mut send);
    let mut bytes = [0; 10];
    random(&mut bytes);
    let [high, low, cookie @ ..] = bytes;
    // A random port, too, of those for private use (RFC 6335, 6).
    let port = u16::from_be_bytes([high, low]) | 0xc000;
    let cookie = u64::from_be_bytes(cookie);
    socket.bind(port).ok()?;
    socket.send_to(&sntp::request(cookie), server).await.ok()?;
    let response = async {
        let mut packet = [0; 96];
        loop {
            let (len, _) = socket.recv_from(&mut packet).await.ok()?;
            match sntp::unix_s(packet.get(..len)?, cookie) {
                Err(SntpError::NotTheResponse) => {}
                time => return time.ok(),
            }
        }
    };
    with_timeout(RESPONSE, response).await.ok()?
}
