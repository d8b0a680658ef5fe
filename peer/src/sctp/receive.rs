//! Data of the peer: chunks in order and out of order, and what is acknowledged.

use super::assembly::Assembly;
use super::bytes::{Writer, before};
use super::chunk::{DataHead, IMMEDIATE, SACK};
use super::event::{Place, Step};
use super::slot::{SLOT, Slot};
use super::timer::Timer;

/// What came of the peer's data.
pub(super) struct Receiver<'a> {
    assembly: Assembly<'a>,
    slots: &'a mut [Slot],
    /// The Cumulative TSN: everything up to it came, or is abandoned by the peer.
    cumulative: u32,
    /// The peer abandoned everything up to this TSN.
    forward: u32,
    /// Runs while an acknowledgement is delayed.
    delay: Timer,
    /// An acknowledgement is due now.
    due: bool,
    duplicate_count: u8,
    duplicates: [u32; DUPLICATES],
    /// Chunks that were dropped because there was no slot for them.
    pub(super) dropped: u16,
}

impl<'a> Receiver<'a> {
    pub(super) const fn new(buffer: &'a mut [u8], slots: &'a mut [Slot]) -> Self {
        Self {
            assembly: Assembly::new(buffer),
            slots,
            cumulative: 0,
            forward: 0,
            delay: Timer::STOPPED,
            due: false,
            duplicate_count: 0,
            duplicates: [0; DUPLICATES],
            dropped: 0,
        }
    }

    /// Gives messages that do not fit the buffer out in parts.
    pub(super) const fn divide(&mut self) {
        self.assembly.divide();
    }

    /// Begins with the peer's initial TSN.
    pub(super) fn start(&mut self, initial_tsn: u32) {
        self.assembly.give_up();
        self.slots.iter_mut().for_each(Slot::free);
        self.cumulative = initial_tsn.wrapping_sub(1);
        self.forward = self.cumulative;
        self.acknowledged();
    }

    pub(super) fn cumulative(&self) -> u32 {
        self.cumulative
    }

    /// The bytes of a message that is not in a packet.
    pub(super) fn bytes_mut(&mut self, place: Place) -> &mut [u8] {
        match place {
            Place::Slot { index } => {
                self.slots.get_mut(index).map_or(&mut [], |slot| slot.data_mut())
            }
            Place::Buffer { len } => self.assembly.bytes_mut(len),
            Place::Packet { .. } => &mut [],
        }
    }

    /// The bytes of a message that is not in a packet.
    pub(super) fn bytes(&self, place: Place) -> &[u8] {
        match place {
            Place::Slot { index } => self.slots.get(index).map_or(&[], Slot::data),
            Place::Buffer { len } => self.assembly.bytes(len),
            Place::Packet { .. } => &[],
        }
    }

    /// The advertised receiver window, in bytes: what can be kept if the next packet is lost, and that packet.
    ///
    /// In order, a peer could send more: but after a loss it would have to send again what no slot was free for. After
    /// a loss, only slots count. Without slots it is what the receive buffer can hold.
    pub(super) fn window(&self) -> u32 {
        let free = self.slots.iter().filter(|slot| !slot.used()).count();
        let in_order = match self.slots.len() {
            0 => self.assembly.free(),
            count if free < count => 0,
            _ => self.assembly.free().min(SLOT),
        };
        free.wrapping_mul(SLOT).wrapping_add(in_order) as u32
    }

    /// A DATA chunk at `place` in the packet. `new_packet`: it is the first of its packet.
    pub(super) fn data(
        &mut self,
        head: &DataHead,
        data: &[u8],
        place: Place,
        new_packet: bool,
        now: u32,
    ) -> Option<Step> {
        let ahead = head.tsn.wrapping_sub(self.cumulative);
        // RFC 9260, 6.7: a gap is reported at once, and 6.2: so is that it is filled.
        let gap = ahead != 1 || self.slots.iter().any(Slot::used);
        // 6.2: at least every second packet is acknowledged, and each within 200 ms. RFC 7053: the I bit asks for it
        // at once.
        // With a small window the peer could have to wait for it after one packet.
        let small = self.window() < SMALL;
        if gap || small || head.flags & IMMEDIATE != 0 || new_packet && self.delay.runs() {
            self.due = true;
        }
        if !self.delay.runs() {
            self.delay.start(now, DELAY_MS);
        }
        if ahead == 1 {
            self.cumulative = head.tsn;
            return self.assembly.take(head, data, place);
        }
        if ahead == 0 || ahead > FARTHEST {
            // RFC 9260, 6.2: a duplicate is acknowledged at once, and reported.
            if !before(self.cumulative, head.tsn) {
                self.duplicate(head.tsn);
            }
            return None;
        }
        if self.slots.iter().any(|slot| slot.used() && slot.tsn() == head.tsn) {
            self.duplicate(head.tsn);
            return None;
        }
        let slot = self.slots.iter_mut().find(|slot| !slot.used());
        if !slot.is_some_and(|slot| slot.keep(head, data)) {
            self.dropped = self.dropped.wrapping_add(1);
        }
        None
    }

    fn duplicate(&mut self, tsn: u32) {
        if let Some(free) = self.duplicates.get_mut(usize::from(self.duplicate_count)) {
            *free = tsn;
            self.duplicate_count = self.duplicate_count.wrapping_add(1);
        }
    }

    /// FORWARD-TSN (RFC 3758, 3.6): it moves the Cumulative TSN, and a SACK answers it at once.
    pub(super) fn forward(&mut self, tsn: u32) {
        // One that is at the Cumulative TSN or behind it is out of date: only the SACK goes out.
        if before(self.forward, tsn) {
            self.forward = tsn;
        }
        self.due = true;
    }

    /// What the slots have for the Cumulative TSN, and what FORWARD-TSN lets it jump over. Call it until it
    /// returns `None`.
    pub(super) fn drain(&mut self) -> Option<Step> {
        loop {
            let next = self.cumulative.wrapping_add(1);
            let found = self.slots.iter().position(|slot| slot.used() && slot.tsn() == next);
            if let Some((index, slot)) =
                found.and_then(|index| Some((index, self.slots.get_mut(index)?)))
            {
                self.cumulative = next;
                slot.free();
                let step = self.assembly.take(&slot.head(), slot.data(), Place::Slot { index });
                if step.is_some() {
                    return step;
                }
            } else if before(self.cumulative, self.forward) {
                // What came of the abandoned messages lies in slots: up to the first of them, nothing came.
                self.cumulative = self
                    .slots
                    .iter()
                    .filter(|slot| slot.used())
                    .map(|slot| slot.tsn().wrapping_sub(1))
                    .fold(self.forward, |first, tsn| if before(tsn, first) { tsn } else { first });
                self.assembly.give_up();
            } else {
                // So that it does not look far ahead after 2^31 further TSNs.
                self.forward = self.cumulative;
                return None;
            }
        }
    }

    /// An acknowledgement is due now.
    pub(super) fn acknowledge(&mut self) {
        self.due = true;
    }

    /// Whether an acknowledgement may go out with other chunks.
    pub(super) fn pending(&self) -> bool {
        self.due || self.delay.runs()
    }

    /// Whether an acknowledgement must go out.
    pub(super) fn due(&self, now: u32) -> bool {
        self.due || self.delay.expired(now)
    }

    /// In how many ms it must.
    pub(super) fn due_in(&self, now: u32) -> Option<u32> {
        if self.due { Some(0) } else { self.delay.left(now) }
    }

    /// Writes a SACK (RFC 9260, 3.3.4). `false` if it does not fit.
    pub(super) fn write_sack(&self, writer: &mut Writer) -> bool {
        let start = writer.begin(SACK, 0);
        writer.u32(self.cumulative);
        writer.u32(self.window());
        let counts = writer.len();
        writer.u32(0);
        let mut blocks = 0u16;
        let mut last = self.cumulative;
        // At most as many blocks as there are slots, and what fits.
        while writer.free() >= 4 {
            let Some(first) = self.first_after(last) else { break };
            last = first;
            while self.slots.iter().any(|slot| slot.used() && slot.tsn() == last.wrapping_add(1)) {
                last = last.wrapping_add(1);
            }
            writer.u16(first.wrapping_sub(self.cumulative) as u16);
            writer.u16(last.wrapping_sub(self.cumulative) as u16);
            blocks = blocks.wrapping_add(1);
        }
        let mut duplicates = 0u16;
        for tsn in self.duplicates.iter().take(self.duplicate_count.into()) {
            if writer.free() >= 4 {
                writer.u32(*tsn);
                duplicates = duplicates.wrapping_add(1);
            }
        }
        let field = writer.written().get_mut(counts..).and_then(|at| at.first_chunk_mut());
        if let Some(field) = field {
            *field = (u32::from(blocks) << 16 | u32::from(duplicates)).to_be_bytes();
        }
        writer.end(start)
    }

    /// The SACK that was written goes out.
    pub(super) fn acknowledged(&mut self) {
        self.delay.stop();
        self.due = false;
        self.duplicate_count = 0;
    }

    /// The lowest TSN after `last` that a slot keeps.
    fn first_after(&self, last: u32) -> Option<u32> {
        let tsns = self.slots.iter().filter(|slot| slot.used()).map(Slot::tsn);
        tsns.filter(|tsn| before(last, *tsn)).min_by_key(|tsn| tsn.wrapping_sub(last))
    }
}

/// RFC 9260, 6.2: how long an acknowledgement may be delayed.
const DELAY_MS: u32 = 200;

/// Below this window, in bytes, every packet is acknowledged at once.
const SMALL: u32 = 3 * SLOT as u32;

/// How far ahead of the Cumulative TSN a chunk is kept: what a Gap Ack Block can express.
const FARTHEST: u32 = u16::MAX as u32;

/// How many duplicates a SACK reports.
const DUPLICATES: usize = 2;
