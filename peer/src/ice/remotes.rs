//! The addresses of a peer, and how far the check of each is.

use super::address::Address;
use super::clock::Moment;

pub(super) struct Remotes<const N: usize>([Remote; N]);

/// A remote candidate and the pair it makes with the only local one.
#[derive(Clone, Copy)]
pub(super) struct Remote {
    pub(super) address: Address,
    pub(super) priority: u32,
    /// The transaction of its check.
    pub(super) id: [u8; 12],
    /// When the request is to be repeated; of a check that has succeeded, when it was answered.
    pub(super) due: Moment,
    /// Requests of this transaction that were sent.
    pub(super) sent: u8,
    pub(super) state: State,
    /// The peer has checked it: it is checked before others.
    pub(super) is_triggered: bool,
    /// The peer, which is controlling, wants it.
    pub(super) is_nominated: bool,
}

/// RFC 8445, 6.1.2.6: states of a pair. One component has nothing to be frozen for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Free,
    Waiting,
    InProgress,
    Succeeded,
    /// Not checked any more: it timed out, or a better one is connected.
    Failed,
}

impl<const N: usize> Remotes<N> {
    pub(super) const NONE: Self = Self([Remote::NONE; N]);

    pub(super) fn clear(&mut self) {
        *self = Self::NONE;
    }

    pub(super) fn has(&self, address: Address) -> bool {
        self.0.iter().any(|it| it.state != State::Free && it.address == address)
    }

    /// The remote that is checked with a transaction.
    #[inline(never)] // One copy in flash.
    pub(super) fn in_progress(&mut self, id: &[u8; 12]) -> Option<&mut Remote> {
        self.0.iter_mut().find(|it| it.state == State::InProgress && it.id == *id)
    }

    /// The remote of an address: the one there is, or a new one with this priority, which takes the place of the
    /// worst if that is worth less. `None` if none is.
    pub(super) fn add(
        &mut self,
        address: Address,
        priority: u32,
        worth: u32,
    ) -> Option<&mut Remote> {
        let is_it = |it: &Remote| it.state != State::Free && it.address == address;
        // Two passes: a borrow that is returned from a first one would last too long.
        if self.0.iter().any(is_it) {
            return self.0.iter_mut().find(|it| is_it(it));
        }
        let worst = self.0.iter_mut().min_by_key(|it| it.worth())?;
        (worst.worth() < worth.max(2)).then(|| {
            *worst = Remote { address, priority, state: State::Waiting, ..Remote::NONE };
            worst
        })
    }

    /// The remote whose request is to be sent now. Transactions that have timed out begin again, or end if the
    /// agent is connected.
    pub(super) fn next(&mut self, now: Moment, is_connected: bool) -> Option<&mut Remote> {
        for it in self.0.iter_mut().filter(|it| it.has_timed_out(now)) {
            it.state = if is_connected { State::Failed } else { State::Waiting };
        }
        // RFC 8445, 6.1.4.2: triggered checks go first, then the pair "with the highest priority".
        self.0
            .iter_mut()
            .filter(|it| it.until(now) == Some(0))
            .max_by_key(|it| it.priority >> 1 | u32::from(it.is_triggered) << 31)
    }

    /// Milliseconds until a request is due; `None` if none will be.
    pub(super) fn until(&self, now: Moment) -> Option<u32> {
        self.0.iter().filter_map(|it| it.until(now)).min()
    }

    /// Ends the checks that cannot lead to a better address than the selected one, which answers.
    pub(super) fn settle(&mut self, selected: Address, priority: u32) {
        // RFC 8445, 8.1.2: "Once a candidate pair for a component of a data stream has been nominated, [...] the
        // ICE agent MUST remove all candidate pairs for the same component from the checklist". One with a
        // higher priority may still answer, as in RFC 5245's aggressive nomination; and of two that a controlling
        // peer nominates the later one is right, because its address may have changed.
        for it in self.0.iter_mut().filter(|it| it.state != State::Free) {
            if it.address == selected {
                it.state = State::Succeeded;
            } else if it.state == State::Succeeded
                || (it.priority, it.is_nominated) <= (priority, false)
            {
                it.state = State::Failed;
            }
        }
    }

    /// Checks all again.
    pub(super) fn check_again(&mut self) {
        for it in self.0.iter_mut().filter(|it| it.state != State::Free) {
            it.state = State::Waiting;
        }
    }
}

impl Remote {
    pub(super) const NONE: Self = Self {
        address: Address::NONE,
        priority: 0,
        id: [0; 12],
        due: Moment::ZERO,
        sent: 0,
        state: State::Free,
        is_triggered: false,
        is_nominated: false,
    };

    /// A request of this transaction has been sent.
    pub(super) fn sent(&mut self, now: Moment) {
        // What the peer has triggered does not bring the end of the transaction nearer: a peer that checks
        // often would end each before its answer is here.
        if !self.is_triggered || self.state == State::Waiting {
            self.sent = self.sent.saturating_add(1);
        }
        self.is_triggered = false;
        self.state = State::InProgress;
        // RFC 8489, 6.2.1: "A client SHOULD retransmit a STUN request message starting with an interval of RTO
        // ("Retransmission TimeOut"), doubling after each retransmission." RFC 8445, 14.3: "Agents MUST NOT use
        // an RTO value smaller than 500 ms."
        self.due = now.after(RTO_MS.wrapping_shl(self.sent.saturating_sub(1).into()));
    }

    /// Milliseconds until a request is due; `None` if none will be.
    fn until(&self, now: Moment) -> Option<u32> {
        match self.state {
            State::Waiting => Some(0),
            State::InProgress => Some(self.due.until(now)),
            State::Free | State::Succeeded | State::Failed => None,
        }
    }

    fn has_timed_out(&self, now: Moment) -> bool {
        self.state == State::InProgress
            && self.sent >= MAX_SENT
            && self.due.is_due(now)
            && !self.is_triggered
    }

    /// Free ones, then failed ones make way for others; those that were reached never.
    fn worth(&self) -> u32 {
        match self.state {
            State::Free => 0,
            State::Failed => 1,
            State::Waiting | State::InProgress => self.priority.max(2),
            State::Succeeded => u32::MAX,
        }
    }
}

const RTO_MS: u32 = 500;

/// A transaction is given up after 0.5 + 1 + 2 s. RFC 8489, 6.2.1 has seven requests in 39.5 s by default, for
/// a client that then gives up; an agent begins again, with short intervals, and so gets through losses sooner.
const MAX_SENT: u8 = 3;
