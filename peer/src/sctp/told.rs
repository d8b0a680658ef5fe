//! Events that no chunk brings by itself, and the bytes of events.

use super::association::{Association, State};
use super::event::{Event, Place, Step};
use super::input::Cursor;

impl<const STREAMS: usize> Association<'_, STREAMS> {
    /// The next event that no packet brought, such as the end after too many timeouts. Call it after
    /// [`poll`](Self::poll), until it returns `None`.
    pub fn event(&mut self) -> Option<Event<'_>> {
        self.input(&[], &mut Cursor::end(), 0)
    }

    /// Gives a step the bytes of its message.
    pub(super) fn show<'e>(&'e self, step: Step, packet: &'e [u8]) -> Event<'e> {
        match step {
            Step::Connected => Event::Connected,
            Step::Message { stream, ppid, place } => {
                Event::Message { stream, ppid, data: self.bytes(place, packet) }
            }
            Step::Part { stream, ppid, offset, place, is_last } => {
                Event::Part { stream, ppid, offset, data: self.bytes(place, packet), is_last }
            }
            Step::Skipped { stream, len } => Event::Skipped { stream, len },
            Step::Writable => Event::Writable,
            Step::StreamReset { stream } => Event::StreamReset { stream },
            Step::AllStreamsReset => Event::AllStreamsReset,
            Step::Restarted => Event::Restarted,
            Step::Closed(error) => Event::Closed(error),
        }
    }

    /// The bytes of a message.
    pub(crate) fn bytes<'e>(&'e self, place: Place, packet: &'e [u8]) -> &'e [u8] {
        match place {
            Place::Packet { at, len } => {
                packet.get(at..).and_then(|data| data.get(..len)).unwrap_or(&[])
            }
            _ => self.receiver.bytes(place),
        }
    }

    /// As [`bytes`](Self::bytes), to be changed.
    pub(crate) fn bytes_mut<'e>(&'e mut self, place: Place, packet: &'e mut [u8]) -> &'e mut [u8] {
        match place {
            Place::Packet { at, len } => {
                packet.get_mut(at..).and_then(|data| data.get_mut(..len)).unwrap_or_default()
            }
            _ => self.receiver.bytes_mut(place),
        }
    }

    /// The next event that is not about data.
    pub(super) fn pending_step(&mut self) -> Option<Step> {
        if self.untell(CONNECTED) {
            return Some(Step::Connected);
        }
        if self.untell(RESTARTED) {
            return Some(Step::Restarted);
        }
        if self.untell(CLOSED) {
            return self.error.map(Step::Closed);
        }
        if self.blocked > 0
            && self.state == State::Established
            && usize::from(self.blocked) <= self.sender.queue.free()
        {
            self.blocked = 0;
            return Some(Step::Writable);
        }
        None
    }

    fn untell(&mut self, event: u8) -> bool {
        let pending = self.untold & event != 0;
        self.untold &= !event;
        pending
    }
}

/// Events that are to be told.
pub(super) const CONNECTED: u8 = 1;
pub(super) const RESTARTED: u8 = 2;
pub(super) const CLOSED: u8 = 4;
