//! What the device counts.

use core::cell::Cell;

use app::reading;
use heapless::String;

use crate::board;

/// Counts since the start.
pub struct Counters {
    /// Readings that were sent, and that made way for newer ones.
    pub sent: Cell<u32>,
    pub dropped: Cell<u32>,
    /// User packets that were received.
    pub packets: Cell<u32>,
    /// Calls of the device's methods.
    pub calls: Cell<u32>,
    /// Alarms that were answered, and that were not.
    pub answered: Cell<u32>,
    pub unanswered: Cell<u32>,
    /// Bytes of streams that were received, and of logs that were sent.
    pub streamed: Cell<u32>,
    pub logged: Cell<u32>,
    pub reconnected: Cell<u32>,
}

pub fn add(counter: &Cell<u32>, count: u32) {
    counter.set(counter.get().wrapping_add(count));
}

impl Counters {
    pub const fn new() -> Self {
        Self {
            sent: Cell::new(0),
            dropped: Cell::new(0),
            packets: Cell::new(0),
            calls: Cell::new(0),
            answered: Cell::new(0),
            unanswered: Cell::new(0),
            streamed: Cell::new(0),
            logged: Cell::new(0),
            reconnected: Cell::new(0),
        }
    }

    /// All of them, with the most stack that was used, in JSON.
    pub fn json<const N: usize>(&self, out: &mut String<N>) {
        let stack = Cell::new(board::stack_used() as u32);
        let mut mark = "{\"";
        for (name, counter) in [
            ("sent", &self.sent),
            ("dropped", &self.dropped),
            ("packets", &self.packets),
            ("calls", &self.calls),
            ("answered", &self.answered),
            ("unanswered", &self.unanswered),
            ("streamed", &self.streamed),
            ("logged", &self.logged),
            ("reconnected", &self.reconnected),
            ("stack", &stack),
        ] {
            reading::add(out, mark);
            reading::add(out, name);
            reading::add(out, "\":");
            reading::number(out, counter.get(), 10, 1);
            mark = ",\"";
        }
        reading::add(out, "}");
    }

    /// Logs what is known at the end.
    pub fn report(&self) {
        defmt::info!(
            "done: sent {=u32}, dropped {=u32}, packets {=u32}, calls {=u32}, streamed {=u32}, logged {=u32}, reconnected {=u32}",
            self.sent.get(),
            self.dropped.get(),
            self.packets.get(),
            self.calls.get(),
            self.streamed.get(),
            self.logged.get(),
            self.reconnected.get()
        );
    }
}
