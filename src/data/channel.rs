//! The data channels of a participant, and what fits them.

/// Bytes of payload that every SDK receives in a reliable user packet, as LiveKit documents it.
pub const MAX_RELIABLE_PAYLOAD_BYTES: usize = 15_360;
/// Bytes of payload of a lossy user packet that travel in one datagram, as LiveKit recommends.
pub const MAX_LOSSY_PAYLOAD_BYTES: usize = 1_300;
/// Bytes of a frame that SDKs send at most. A frame above 65 535 bytes makes the server close the channel
/// for good.
pub const MAX_FRAME_BYTES: usize = 64_000;

/// A data channel that carries `DataPacket`s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Channel {
    /// In order and without loss; packets are numbered, so that none is taken twice after a resume.
    Reliable,
    /// Unordered, without retransmission and without numbers.
    Lossy,
}

impl Channel {
    /// The label of its WebRTC data channel.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Reliable => "_reliable",
            Self::Lossy => "_lossy",
        }
    }
}
