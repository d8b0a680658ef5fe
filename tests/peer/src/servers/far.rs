//! A server of other people's on the far end of two networks, and the device on the near end.

use super::device::{Device, Parts};
use super::network::{Faults, Network};

/// A server, in this process or another.
pub trait Far {
    fn input(&mut self, datagram: &[u8], now_ms: u64);
    /// A datagram, if it has one.
    fn poll(&mut self, now_ms: u64) -> Option<Vec<u8>>;
    /// When it has something to do, if it knows.
    fn next_at(&self) -> Option<u64>;
    /// Waits until then or until a datagram came, and returns the time.
    fn wait(&mut self, until_ms: u64) -> u64;
    /// What it has said so far, a line each: "connected", "closed", "failed: …".
    fn said(&mut self) -> Vec<String>;
}

/// One connection through networks with faults.
pub struct Connection<'a> {
    pub device: Device<'a>,
    pub far: Box<dyn Far>,
    pub now_ms: u64,
    out: Network,
    back: Network,
    mtu: usize,
}

impl<'a> Connection<'a> {
    pub fn start(
        parts: &'a mut Parts,
        far: Box<dyn Far>,
        fingerprint: [u8; 32],
        mtu: usize,
        faults: Faults,
        seed: u64,
    ) -> Self {
        let device = Device::start(parts, fingerprint, mtu, seed);
        let [out, back] = [1, 2].map(|direction| Network::new(faults, seed << 2 | direction));
        Self { device, far, now_ms: 0, out, back, mtu }
    }

    /// Goes on until `done`, or until `limit_ms` is over: then `false`.
    pub fn until(&mut self, limit_ms: u64, mut done: impl FnMut(&mut Self) -> bool) -> bool {
        let end = self.now_ms + limit_ms;
        loop {
            self.exchange();
            if done(self) {
                return true;
            }
            if self.now_ms >= end {
                return false;
            }
            let now = self.now_ms;
            let times = [
                self.device.next_at(now),
                self.far.next_at(),
                self.out.next_at(),
                self.back.next_at(),
            ];
            let next = times
                .into_iter()
                .flatten()
                .min()
                .unwrap_or(end)
                .min(now + LOOK_MS)
                .clamp(now + 1, end);
            self.now_ms = self.far.wait(next).max(now);
        }
    }

    /// Sends data until it comes back.
    pub fn echo(&mut self, data: &[u8]) -> bool {
        let mut next = 0;
        self.until(20_000, |it| {
            if it.now_ms >= next {
                next = it.now_ms + 200;
                it.send(data);
            }
            it.device.received.iter().any(|received| received == data)
        })
    }

    /// Sends data.
    pub fn send(&mut self, data: &[u8]) {
        if let Some(record) = self.device.seal(data) {
            self.out.send(record, self.now_ms);
        }
    }

    fn exchange(&mut self) {
        let now = self.now_ms;
        loop {
            let mut quiet = true;
            while let Some(datagram) = self.device.poll(now) {
                assert!(datagram.len() <= self.mtu, "a datagram of {} bytes", datagram.len());
                self.out.send(datagram, now);
                quiet = false;
            }
            while let Some(datagram) = self.out.receive(now) {
                self.far.input(&datagram, now);
                quiet = false;
            }
            while let Some(datagram) = self.far.poll(now) {
                self.back.send(datagram, now);
                quiet = false;
            }
            while let Some(datagram) = self.back.receive(now) {
                self.device.input(&datagram, now);
                quiet = false;
            }
            if quiet {
                return;
            }
        }
    }
}

/// How often a test looks at what has changed.
const LOOK_MS: u64 = 50;
