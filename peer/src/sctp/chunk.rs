//! Numbers of RFC 9260, 3758 and 6525.

use super::bytes::Reader;

pub(super) const DATA: u8 = 0;
pub(super) const INIT: u8 = 1;
pub(super) const INIT_ACK: u8 = 2;
pub(super) const SACK: u8 = 3;
pub(super) const HEARTBEAT: u8 = 4;
pub(super) const HEARTBEAT_ACK: u8 = 5;
pub(super) const ABORT: u8 = 6;
pub(super) const SHUTDOWN: u8 = 7;
pub(super) const SHUTDOWN_ACK: u8 = 8;
pub(super) const ERROR: u8 = 9;
pub(super) const COOKIE_ECHO: u8 = 10;
pub(super) const COOKIE_ACK: u8 = 11;
pub(super) const SHUTDOWN_COMPLETE: u8 = 14;
pub(super) const RE_CONFIG: u8 = 130;
pub(super) const FORWARD_TSN: u8 = 192;

/// Flags of DATA: E, B, U and I.
pub(super) const LAST: u8 = 1;
pub(super) const FIRST: u8 = 2;
pub(super) const UNORDERED: u8 = 4;
pub(super) const IMMEDIATE: u8 = 8;

/// The T bit of ABORT and SHUTDOWN COMPLETE.
pub(super) const REFLECTED: u8 = 1;

/// Parameters of INIT and INIT ACK.
pub(super) mod parameter {
    pub(crate) const HEARTBEAT_INFO: u16 = 1;
    pub(crate) const IPV4: u16 = 5;
    pub(crate) const IPV6: u16 = 6;
    pub(crate) const STATE_COOKIE: u16 = 7;
    pub(crate) const UNRECOGNIZED: u16 = 8;
    pub(crate) const COOKIE_PRESERVATIVE: u16 = 9;
    pub(crate) const ADDRESS_TYPES: u16 = 12;
    pub(crate) const OUTGOING_RESET: u16 = 13;
    pub(crate) const INCOMING_RESET: u16 = 14;
    pub(crate) const RECONFIG_RESPONSE: u16 = 16;
    pub(crate) const ADD_INCOMING_STREAMS: u16 = 18;
    pub(crate) const EXTENSIONS: u16 = 0x8008;
    pub(crate) const FORWARD_TSN: u16 = 0xc000;
}

/// Error causes.
pub(super) mod cause {
    pub(crate) const INVALID_STREAM: u16 = 1;
    pub(crate) const UNRECOGNIZED_CHUNK: u16 = 6;
    pub(crate) const UNRECOGNIZED_PARAMETERS: u16 = 8;
    pub(crate) const NO_USER_DATA: u16 = 9;
    pub(crate) const COOKIE_WHILE_SHUTTING_DOWN: u16 = 10;
    pub(crate) const USER_ABORT: u16 = 12;
}

/// What stands before the data of a DATA chunk. The stream sequence number is of no use to a receiver that takes
/// chunks in the order of their TSNs.
#[derive(Clone, Copy)]
pub(super) struct DataHead {
    pub(super) tsn: u32,
    pub(super) ppid: u32,
    pub(super) stream: u16,
    pub(super) flags: u8,
}

/// Head and data of a DATA chunk, of which `body` is what follows its length.
pub(super) fn data(flags: u8, body: &[u8]) -> Option<(DataHead, &[u8])> {
    let mut reader = Reader(body);
    let tsn = reader.u32()?;
    let stream = reader.u16()?;
    reader.u16()?;
    let ppid = reader.u32()?;
    Some((DataHead { tsn, ppid, stream, flags }, reader.0))
}
