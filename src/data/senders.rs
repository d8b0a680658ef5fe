//! Which numbered packets were seen already: after a resume the server and SDKs send some again.

use super::id::Sid;
use crate::String;

/// How long a sender is remembered after its last packet, as by LiveKit's SDKs.
const REMEMBERED_MS: u32 = 30_000;

/// The last number of up to `N` senders.
///
/// A packet is a duplicate if its number is not above the last one of its sender, by the sender's sid:
/// somebody who joins again has another sid and counts from 1. If more than `N` send, the one heard longest
/// ago is forgotten: then its duplicates are taken for new.
pub(super) struct Senders<const N: usize>([Sender; N]);

#[derive(Clone, Copy)]
pub(super) struct Sender {
    /// None if the slot is free.
    sid: Sid,
    last: u32,
    at: u32,
}

const FREE: Sender = Sender { sid: Sid::NONE, last: 0, at: 0 };

impl<const N: usize> Senders<N> {
    pub(super) const fn new() -> Self {
        Self([FREE; N])
    }

    pub(super) fn slots(&mut self) -> &mut [Sender] {
        &mut self.0
    }

    /// The sid and the last number of each sender, for `SyncState.datachannel_receive_states`.
    pub(super) fn states(&self) -> impl Iterator<Item = (String<16>, u32)> {
        self.0.iter().filter(|it| !it.sid.is_none()).map(|it| (it.sid.text(), it.last))
    }
}

/// Returns `false` for a duplicate, and remembers the number otherwise. Packets without a number or a sid
/// are never duplicates.
#[inline(never)]
pub(super) fn is_new(slots: &mut [Sender], sid: &Sid, sequence: u32, now: u32) -> bool {
    if sequence == 0 || sid.is_none() {
        return true;
    }
    let mut oldest: Option<&mut Sender> = None;
    let mut oldest_age = 0;
    for slot in slots {
        let age = now.wrapping_sub(slot.at);
        if slot.sid.is(sid) {
            let is_new = sequence > slot.last || age >= REMEMBERED_MS;
            if is_new {
                (slot.last, slot.at) = (sequence, now);
            }
            return is_new;
        }
        let age = if slot.sid.is_none() { u32::MAX } else { age };
        if oldest.is_none() || age > oldest_age {
            (oldest, oldest_age) = (Some(slot), age);
        }
    }
    if let Some(slot) = oldest {
        *slot = Sender { sid: *sid, last: sequence, at: now };
    }
    true
}

/// Forgets senders of whom nothing came for so long that their age could wrap.
pub(super) fn forget(slots: &mut [Sender], now: u32) {
    for slot in slots {
        if now.wrapping_sub(slot.at) >= REMEMBERED_MS {
            *slot = FREE;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Sid {
        let mut sid = Sid::NONE;
        sid.set(text.as_bytes());
        sid
    }

    #[test]
    fn a_number_that_is_not_above_the_last_is_a_duplicate() {
        let mut senders = Senders::<2>::new();
        let mut is_new =
            |sid: &str, sequence, now| is_new(senders.slots(), &id(sid), sequence, now);
        for (sid, sequence, expected) in [
            ("PA_a", 1, true),
            ("PA_a", 1, false),
            ("PA_a", 3, true), // gaps are usual
            ("PA_a", 2, false),
            ("PA_b", 1, true),
            ("PA_a", 0, true), // not numbered
            ("", 1, true),
            ("", 1, true),
        ] {
            assert_eq!(is_new(sid, sequence, 0), expected, "{sid} {sequence}");
        }
        // The one heard longest ago makes place.
        assert!(is_new("PA_b", 2, 5) && is_new("PA_c", 1, 6) && !is_new("PA_b", 2, 7));
        assert!(is_new("PA_a", 1, 8));
        let long = "PA_0123456789abcdef";
        assert!(is_new(long, 1, 9) && !is_new(long, 1, 9));
    }

    #[test]
    fn a_sender_is_forgotten_after_30_s_also_when_the_clock_wraps() {
        let mut senders = Senders::<1>::new();
        let start = u32::MAX - 10_000;
        for (after, expected) in [(0, true), (29_999, false), (30_000, true), (59_999, false)] {
            let now = start.wrapping_add(after);
            assert_eq!(is_new(senders.slots(), &id("PA_a"), 7, now), expected, "{after} ms");
        }
        forget(senders.slots(), start.wrapping_add(60_000));
        assert_eq!(senders.states().count(), 0);
    }
}
