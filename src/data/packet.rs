//! What every received packet has, around what is in it.

use super::id::Sid;
use crate::tags::data_packet;
use crate::{DecodeError, Reader};

/// A received packet, whose content is not looked at yet.
pub(super) struct Packet<'a> {
    pub(super) identity: &'a [u8],
    pub(super) sid: Sid,
    /// 0 if it is not numbered.
    pub(super) sequence: u32,
    /// The tag of the member of `value`; 0 if there is none that this schema has.
    pub(super) tag: u32,
    /// The member itself.
    pub(super) body: &'a [u8],
}

impl<'a> Packet<'a> {
    #[inline(never)]
    pub(super) fn read(frame: &'a [u8]) -> Result<Self, DecodeError> {
        let mut packet = Self { identity: &[], sid: Sid::NONE, sequence: 0, tag: 0, body: &[] };
        let mut r = Reader::new(frame);
        r.fields(|r, tag| match tag {
            data_packet::PARTICIPANT_IDENTITY => packet.identity = r.bytes(),
            data_packet::PARTICIPANT_SID => packet.sid.set(r.bytes()),
            data_packet::SEQUENCE => packet.sequence = r.uint32(),
            _ if data_packet::is_value(tag) => (packet.tag, packet.body) = (tag, r.bytes()),
            _ => {}
        });
        r.finish()?;
        Ok(packet)
    }
}
