//! One channel.

use super::label::Label;
use crate::sctp::Delivery;

#[derive(Clone, Copy)]
pub(super) struct Channel {
    pub(super) state: State,
    pub(super) id: u16,
    pub(super) delivery: Delivery,
    pub(super) label: Label,
    /// That it is closed is to be told.
    pub(super) untold: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Unused = 0,
    /// This end opened it, and the peer has not acknowledged it.
    Opening,
    /// The peer opened it; the acknowledgement could not be sent yet.
    Acknowledging,
    Open,
    /// This end closes it: its stream is to be reset.
    CloseWanted,
    /// The reset of its stream is on the way, the peer's stream is not reset yet.
    Closing,
    /// The peer's stream is reset, this end's is to be.
    AnswerWanted,
    /// The peer's stream is reset, this end's is being.
    Answering,
}

impl Channel {
    pub(super) const UNUSED: Self = Self {
        state: State::Unused,
        id: 0,
        delivery: Delivery::RELIABLE,
        label: Label::EMPTY,
        untold: false,
    };

    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, State::Opening | State::Acknowledging | State::Open)
    }

    /// The peer reset its stream, or lost it.
    pub(super) fn closed_by_peer(&mut self) {
        self.state = match self.state {
            // One that resets it again is not told again.
            State::Unused | State::AnswerWanted | State::Answering => return,
            State::Closing => State::Answering,
            _ => State::AnswerWanted,
        };
        self.untold = true;
    }
}

#[cfg(test)]
mod tests {
    use super::{Channel, State};

    #[test]
    fn a_channel_that_the_peer_resets_twice_is_told_once() {
        for state in [State::Open, State::Closing, State::CloseWanted] {
            let mut channel = Channel { state, ..Channel::UNUSED };
            channel.closed_by_peer();
            assert!(core::mem::take(&mut channel.untold));
            channel.closed_by_peer();
            assert!(!channel.untold);
        }
    }
}
