//! The log of the device: its newest lines, which a participant can read as a stream.

use core::cell::RefCell;

use app::reading;
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::Instant;
use heapless::{Deque, String};

/// Bytes of the lines that are kept, and of a line.
const KEPT: usize = 512;
const LINE: usize = 128;
/// Stands where a reader is too late for lines.
const LOST: &[u8] = b"...\n";

/// The newest lines.
pub struct Log {
    lines: RefCell<Lines>,
    /// There is a new line.
    pub news: Signal<NoopRawMutex, ()>,
}

struct Lines {
    bytes: Deque<u8, KEPT>,
    /// Bytes of all lines that there were.
    end: u32,
}

impl Log {
    pub const fn new() -> Self {
        let lines = Lines { bytes: Deque::new(), end: 0 };
        Self { lines: RefCell::new(lines), news: Signal::new() }
    }

    /// Logs a line, here and by defmt.
    pub fn line(&self, parts: &[&str]) {
        let (mut line, now_ms) = (String::<LINE>::new(), Instant::now().as_millis() as u32);
        reading::number(&mut line, now_ms / 1000, 10, 1);
        reading::add(&mut line, ".");
        reading::number(&mut line, now_ms % 1000, 10, 3);
        reading::add(&mut line, " ");
        let time = line.len();
        parts.iter().for_each(|part| reading::add(&mut line, part));
        defmt::info!("{=str}", line.get(time..).unwrap_or_default());
        self.lines.borrow_mut().push(&line);
        self.news.signal(());
    }

    /// Where the oldest line begins that is kept.
    pub fn oldest(&self) -> u32 {
        let lines = self.lines.borrow();
        lines.end.wrapping_sub(lines.bytes.len() as u32)
    }

    /// Whether there are lines from this place on.
    pub fn has(&self, at: u32) -> bool {
        self.lines.borrow().end != at
    }

    /// Puts whole lines from a place on into `space`. Returns how many bytes, and moves the place.
    pub fn read(&self, at: &mut u32, space: &mut [u8]) -> usize {
        self.lines.borrow().read(at, space)
    }
}

impl Lines {
    /// Adds a line; the oldest ones make way.
    fn push(&mut self, line: &str) {
        while self.bytes.storage_capacity() - self.bytes.len() <= line.len() {
            while self.bytes.pop_front().is_some_and(|byte| byte != b'\n') {}
        }
        for byte in line.bytes().chain([b'\n']) {
            let _ = self.bytes.push_back(byte); // there is space now
        }
        self.end = self.end.wrapping_add(line.len() as u32 + 1);
    }

    fn read(&self, at: &mut u32, space: &mut [u8]) -> usize {
        let mut len = 0;
        let kept = self.bytes.len() as u32;
        if self.end.wrapping_sub(*at) > kept {
            *at = self.end.wrapping_sub(kept);
            space.iter_mut().zip(LOST).for_each(|(place, byte)| *place = *byte);
            len = LOST.len();
        }
        let skipped = kept.wrapping_sub(self.end.wrapping_sub(*at)) as usize;
        let (first, mut whole) = (len, len);
        let places = space.iter_mut().skip(first);
        for (place, byte) in places.zip(self.bytes.iter().skip(skipped)) {
            *place = *byte;
            len += 1;
            if *byte == b'\n' {
                whole = len;
            }
        }
        *at = at.wrapping_add((whole - first) as u32);
        whole
    }
}

/// A number as text.
pub fn digits(value: u32) -> String<10> {
    let mut text = String::new();
    reading::number(&mut text, value, 10, 1);
    text
}

pub fn hex(value: u32) -> String<8> {
    let mut text = String::new();
    reading::number(&mut text, value, 16, 8);
    text
}
