//! What a peer tells its caller.

use core::net::SocketAddr;

use super::{Error, Stage};
use crate::channel;
use crate::sctp::Delivery;

/// What happened. It borrows the peer, and the datagram that was given to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Event<'e> {
    /// The other is reached, it has the certificate of its description, and channels can be opened.
    Connected,
    /// Datagrams go to another address of the other's from now on.
    Moved {
        /// Where.
        to: SocketAddr,
    },
    /// The other has not answered for 30 s, and is not sent to any more. An offer and its answer restart ICE; what
    /// was sent before is then sent again.
    Disconnected,
    /// The other was not reached in time. An offer and its answer try again.
    Failed,
    /// A channel is open: one that this peer opened and the other acknowledged, or one that the other opened.
    Opened {
        /// Its number.
        channel: u16,
        /// Its label.
        label: &'e str,
        /// How its messages are delivered.
        delivery: Delivery,
        /// The other opened it.
        by_peer: bool,
    },
    /// A message arrived whole.
    Message {
        /// The number of its channel.
        channel: u16,
        /// It was sent as text. That it is UTF-8 is not checked.
        is_text: bool,
        /// The message, which may be empty.
        data: &'e [u8],
    },
    /// A part of a message that does not fit [`Memory::receive`](super::Memory) arrived: after
    /// [`Peer::set_longest_message`](super::Peer::set_longest_message).
    Part {
        /// The number of its channel.
        channel: u16,
        /// Bytes of the message before it; 0 of its first part, also where the message before it was not ended.
        offset: usize,
        /// The part.
        data: &'e [u8],
        /// The message ends with it.
        is_last: bool,
    },
    /// A message was longer than [`Memory::receive`](super::Memory), and is lost.
    Skipped {
        /// The number of its channel.
        channel: u16,
        /// Its length, in bytes.
        len: usize,
    },
    /// There is memory for the message that was refused last.
    Writable,
    /// A channel is closed. Its number may be given out again.
    Closed {
        /// Its number.
        channel: u16,
    },
    /// The connection is over, and all channels with it. Nothing follows, until another offer and its answer.
    Ended(Error),
}

/// An event of channels, as a peer's.
pub(super) fn of_channels<'e>(event: channel::Event<'e>, stage: &mut Stage) -> Event<'e> {
    match event {
        channel::Event::Connected => Event::Connected,
        channel::Event::Opened { channel, label, delivery, by_peer } => {
            Event::Opened { channel, label, delivery, by_peer }
        }
        channel::Event::Message { channel, is_text, data } => {
            Event::Message { channel, is_text, data }
        }
        channel::Event::Part { channel, offset, data, is_last } => {
            Event::Part { channel, offset, data, is_last }
        }
        channel::Event::Skipped { channel, len } => Event::Skipped { channel, len },
        channel::Event::Writable => Event::Writable,
        channel::Event::Closed { channel } => Event::Closed { channel },
        channel::Event::Ended(error) => {
            *stage = Stage::Closed;
            Event::Ended(Error::Sctp(error))
        }
    }
}
