//! What a link tells the firmware.

use super::Error;
use crate::DecodeError;
use crate::borrowed::DisconnectReason;
use crate::data;
use crate::data::Channel;

/// What has happened. It borrows the link.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Event<'e> {
    /// The device is in the room, and can send.
    Connected,
    /// The line or the bridge's connection to the room broke, and is being made again. What is sent meanwhile is refused.
    Reconnecting {
        /// Which of them.
        error: Error,
    },
    /// The device is in the room again.
    Reconnected {
        /// It is the connection before. Otherwise it is another participant to the others: streams and calls have ended
        /// with errors.
        is_resumed: bool,
        /// Reliable packets that are lost, as far as that is known: the room may have received some of them.
        lost: u32,
    },
    /// The device is not in the room any more, and does not come back by itself.
    Disconnected {
        /// Why, as the server says; [`DisconnectReason::ClientInitiated`] after [`leave`](super::Link::leave).
        reason: DisconnectReason,
        /// What broke, if no server said it; empty otherwise.
        message: &'e str,
    },
    /// What went wrong before the bridge had to do with the room.
    Failed(Error),
    /// The bridge had no space for packets to the device: so many are lost.
    Dropped {
        /// Of the reliable channel.
        reliable: u32,
        /// Of the lossy one.
        lossy: u32,
    },
    /// Data of the room: a packet, a call, an answer, a part of a stream.
    Data(data::Event<'e>),
    /// A packet that comes to nothing: a duplicate, or a stream of a topic that is not wanted.
    Ignored,
    /// A packet that is malformed.
    Malformed(DecodeError),
    /// A packet was longer than [`Memory::receive`](super::Memory), and is lost. (Of those that are longer, chunks of streams
    /// are taken.)
    TooLong {
        /// Its channel.
        channel: Channel,
        /// Its length, in bytes.
        len: usize,
    },
    /// There is space for what was refused last.
    Writable,
}
