//! DATA_CHANNEL_OPEN and DATA_CHANNEL_ACK (RFC 8832, 5).

use crate::sctp::{Delivery, Reliability};

/// The payload protocol identifiers of RFC 8831, 8.
pub(super) mod ppid {
    pub(crate) const DCEP: u32 = 50;
    pub(crate) const TEXT: u32 = 51;
    pub(crate) const BINARY: u32 = 53;
    pub(crate) const TEXT_EMPTY: u32 = 56;
    pub(crate) const BINARY_EMPTY: u32 = 57;
}

/// A message of the protocol.
pub(super) enum Message<'m> {
    Open { delivery: Delivery, label: &'m str },
    Ack,
}

impl<'m> Message<'m> {
    pub(super) fn read(bytes: &'m [u8]) -> Option<Self> {
        let (kind, _) = bytes.split_first()?;
        match *kind {
            // 8.2.1: DATA_CHANNEL_ACK is 2, DATA_CHANNEL_OPEN is 3.
            ACK => Some(Self::Ack),
            OPEN => {
                let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
                let &[_, kind, _, _, r0, r1, r2, r3, l0, l1, _, _] = head;
                let label = rest.get(..u16::from_be_bytes([l0, l1]).into())?;
                Some(Self::Open {
                    delivery: delivery(kind, u32::from_be_bytes([r0, r1, r2, r3]))?,
                    label: core::str::from_utf8(label).ok()?,
                })
            }
            _ => None,
        }
    }
}

/// What stands before the label of a DATA_CHANNEL_OPEN.
pub(super) fn open(delivery: Delivery, label: &str, protocol: &str) -> [u8; HEAD] {
    let (kind, parameter) = match delivery.reliability {
        Reliability::Reliable => (RELIABLE, 0),
        Reliability::Retransmits(count) => (RETRANSMITS, count),
        Reliability::Lifetime(ms) => (LIFETIME, ms),
    };
    let kind = if delivery.unordered { kind | UNORDERED } else { kind };
    let [r0, r1] = parameter.to_be_bytes();
    let [l0, l1] = (label.len() as u16).to_be_bytes();
    let [p0, p1] = (protocol.len() as u16).to_be_bytes();
    // RFC 8831, 6.4: 256 is normal priority.
    [OPEN, kind, 1, 0, 0, 0, r0, r1, l0, l1, p0, p1]
}

/// 5.1: the channel type and its reliability parameter.
fn delivery(kind: u8, parameter: u32) -> Option<Delivery> {
    let limit = u16::try_from(parameter).unwrap_or(u16::MAX);
    let reliability = match kind & !UNORDERED {
        RELIABLE => Reliability::Reliable,
        RETRANSMITS => Reliability::Retransmits(limit),
        LIFETIME => Reliability::Lifetime(limit),
        _ => return None,
    };
    Some(Delivery { reliability, unordered: kind & UNORDERED != 0 })
}

pub(super) const ACK: u8 = 2;
const OPEN: u8 = 3;

const RELIABLE: u8 = 0;
const RETRANSMITS: u8 = 1;
const LIFETIME: u8 = 2;
const UNORDERED: u8 = 0x80;

/// The length of a DATA_CHANNEL_OPEN without label and protocol.
const HEAD: usize = 12;
