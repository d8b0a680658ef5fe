//! What channels tell their caller.

use crate::sctp::{Delivery, Error};

/// What happened. It borrows the channels, and the packet that was given to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Event<'e> {
    /// SCTP is connected: channels can be opened.
    Connected,
    /// A channel is open: one that this end opened and the peer acknowledged, or one that the peer opened.
    Opened {
        /// Its number.
        channel: u16,
        /// Its label.
        label: &'e str,
        /// How its messages are delivered.
        delivery: Delivery,
        /// Whether the peer opened it.
        by_peer: bool,
    },
    /// A message arrived whole.
    Message {
        /// The number of its channel.
        channel: u16,
        /// Whether it was sent as text. That it is UTF-8 is not checked.
        is_text: bool,
        /// The message, which may be empty.
        data: &'e [u8],
    },
    /// A part of a message that does not fit the receive buffer arrived.
    Part {
        /// The number of its channel.
        channel: u16,
        /// Bytes of the message before it.
        offset: usize,
        /// The part.
        data: &'e [u8],
        /// The message ends with it.
        is_last: bool,
    },
    /// A message was longer than the receive buffer, and is lost.
    Skipped {
        /// The number of its channel.
        channel: u16,
        /// Its length, in bytes.
        len: usize,
    },
    /// There is space in the transmit buffer for the message that was refused last.
    Writable,
    /// A channel is closed. Its number may be given out again.
    Closed {
        /// Its number.
        channel: u16,
    },
    /// The association ended, and all channels with it. Nothing follows.
    Ended(Error),
}
