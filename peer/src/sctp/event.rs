//! What an association tells its caller.

use super::Error;

/// What happened. It borrows the association, and the packet that was given to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Event<'e> {
    /// The association is established: messages can be sent.
    Connected,
    /// A message arrived whole.
    Message {
        /// The number of its stream.
        stream: u16,
        /// Its payload protocol identifier: what kind of data it is.
        ppid: u32,
        /// The message.
        data: &'e [u8],
    },
    /// A part of a message that does not fit the receive buffer arrived: see
    /// [`Association::divide`](super::Association::divide).
    Part {
        /// The number of its stream.
        stream: u16,
        /// The payload protocol identifier of the message.
        ppid: u32,
        /// Bytes of the message before it; 0 of its first part, also where the message before it was not ended.
        offset: usize,
        /// The part.
        data: &'e [u8],
        /// The message ends with it.
        is_last: bool,
    },
    /// A message was longer than the receive buffer. It arrived and is acknowledged, but its bytes are lost.
    Skipped {
        /// The number of its stream.
        stream: u16,
        /// Its length, in bytes.
        len: usize,
    },
    /// There is space in the transmit buffer for the message that was refused last.
    Writable,
    /// The peer reset a stream: what it sends on it from now on is a new sequence of messages.
    StreamReset {
        /// The number of the stream.
        stream: u16,
    },
    /// The peer reset all of its streams.
    AllStreamsReset,
    /// The peer began anew, with no memory of what was before. What was not acknowledged is lost.
    Restarted,
    /// The association ended. Nothing follows.
    Closed(Error),
}

/// An event without its bytes.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    Connected,
    Message { stream: u16, ppid: u32, place: Place },
    Part { stream: u16, ppid: u32, offset: usize, place: Place, is_last: bool },
    Skipped { stream: u16, len: usize },
    Writable,
    StreamReset { stream: u16 },
    AllStreamsReset,
    Restarted,
    Closed(Error),
}

/// Where the bytes of a message lie.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// In the packet.
    Packet { at: usize, len: usize },
    /// In a slot.
    Slot { index: usize },
    /// At the start of the receive buffer.
    Buffer { len: usize },
}
