//! What an association can be told at its start.

/// Parameters of an association: RFC 9260, 16, by their names there, and the size of packets.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Config {
    /// The port of this end: `a=sctp-port` of its SDP.
    pub local_port: u16,
    /// The port of the other end: `a=sctp-port` of the other end's SDP.
    pub remote_port: u16,
    /// The longest packet that is sent, in bytes, at least 128. A datagram of 1 200 bytes less the 37 bytes of DTLS 1.2
    /// with AES-GCM is 1 163. Longer packets of the peer are received.
    pub packet: u16,
    /// RTO.Initial: the timeout before a round trip was measured, in ms, at least 1.
    pub rto_initial_ms: u16,
    /// RTO.Min, in ms, at least 1. It must be longer than the peer delays an acknowledgement (200 ms, as a
    /// rule), or what arrived is sent again.
    pub rto_min_ms: u16,
    /// RTO.Max, in ms. After an outage of the network the first packet goes out at most this much later.
    pub rto_max_ms: u16,
    /// Association.Max.Retrans: after this many timeouts in a row the association is closed.
    pub max_retransmissions: u8,
    /// HB.interval: after this long without data a HEARTBEAT asks whether the peer is there, in ms; 0: never.
    pub heartbeat_ms: u16,
}

impl Config {
    /// Ports 5000, packets for datagrams of 1 200 bytes under DTLS, and timeouts for a device.
    ///
    /// RFC 9260's RTO.Min of 1 s was chosen for acknowledgements delayed by up to 500 ms, and its RTO.Max of
    /// 60 s for a network to be spared. Peers of WebRTC acknowledge within 200 ms, and a device that
    /// has few packets under way finds a loss by timeout more often than by later acknowledgements: RTO.Min is 400 ms
    /// (as in libwebrtc), RTO.Max 10 s.
    pub const DEFAULT: Self = Self {
        local_port: 5000,
        remote_port: 5000,
        packet: 1163,
        rto_initial_ms: 500,
        rto_min_ms: 400,
        rto_max_ms: 10_000,
        max_retransmissions: 10,
        heartbeat_ms: 30_000,
    };

    /// Of an association that is not started.
    pub(super) const ZERO: Self = Self {
        local_port: 0,
        remote_port: 0,
        packet: 0,
        rto_initial_ms: 0,
        rto_min_ms: 0,
        rto_max_ms: 0,
        max_retransmissions: 0,
        heartbeat_ms: 0,
    };

    /// With values that are too small raised to the smallest.
    pub(super) fn checked(&self) -> Self {
        Self {
            packet: self.packet.max(MIN_PACKET),
            rto_initial_ms: self.rto_initial_ms.max(1),
            rto_min_ms: self.rto_min_ms.max(1),
            rto_max_ms: self.rto_max_ms.max(self.rto_min_ms).max(1),
            ..*self
        }
    }

    /// The longest user data of one DATA chunk, a multiple of 4.
    pub(super) fn fragment(&self) -> usize {
        usize::from(self.packet).saturating_sub(PACKET_AND_DATA_HEAD) & !3
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How a message is to be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Delivery {
    /// How long it is tried.
    pub reliability: Reliability,
    /// Whether the peer may deliver it before messages that were sent earlier on its stream.
    pub unordered: bool,
}

impl Delivery {
    /// Until it is acknowledged, and in order.
    pub const RELIABLE: Self = Self { reliability: Reliability::Reliable, unordered: false };
    /// Once, and in no order.
    pub const LOSSY: Self = Self { reliability: Reliability::Retransmits(0), unordered: true };
}

/// How long a message is tried (RFC 3758; RFC 7496).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Reliability {
    /// Until it is acknowledged.
    Reliable,
    /// It is sent again at most this many times.
    Retransmits(u16),
    /// It is not sent, nor sent again, later than this many ms after it was handed over.
    Lifetime(u16),
}

/// The shortest value of [`Config::packet`]: the longest INIT ACK that is written fits.
const MIN_PACKET: u16 = 128;

/// The heads of a packet and of a DATA chunk.
const PACKET_AND_DATA_HEAD: usize = 28;
