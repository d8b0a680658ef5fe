//! The packet of which instructions and stack are measured.

use core::{ptr, slice, str};

use crate::c;

/// Bytes of a `livekit_DataPacket`.
pub const SIZE: usize = include!(concat!(env!("OUT_DIR"), "/packet_size.rs"));

/// C's `livekit_DataPacket`. It copies what it reads, so it has no lifetime.
pub type Packet<'a> = DataPacket;

#[repr(C, align(8))]
pub struct DataPacket([u8; SIZE]);

/// Of another size than C's it would be read or written past its end.
const _: () = assert!(size_of::<DataPacket>() == SIZE);

/// What is read of a packet, as C hands it over.
#[repr(C)]
pub(crate) struct Read {
    payload: *const u8,
    payload_len: usize,
    topic: *const u8,
    topic_len: usize,
}

impl DataPacket {
    /// nanopb's empty message: zeros.
    pub const EMPTY: Self = Self([0; SIZE]);

    /// Makes it the packet that is measured, with this payload.
    pub fn fill(&mut self, payload: &[u8]) {
        *self = Self::EMPTY;
        // SAFETY: the payload is as long as is said, and a longer payload is truncated.
        unsafe { c::nanopb_packet_fill(self, payload.as_ptr(), payload.len()) }
    }
}

impl Default for DataPacket {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// Gives `then` a packet with `payload`.
pub fn with(payload: &[u8], then: &mut dyn FnMut(&Packet<'_>)) {
    let mut packet = Packet::EMPTY;
    packet.fill(payload);
    then(&packet);
}

/// Bytes written, `None` if the buffer is too small.
#[inline(never)]
pub fn encode(packet: &Packet, buf: &mut [u8]) -> Option<usize> {
    // SAFETY: the buffer is as long as is said.
    let written = unsafe { c::nanopb_packet_encode(packet, buf.as_mut_ptr(), buf.len()) };
    usize::try_from(written).ok()
}

/// Decodes into an existing packet.
#[inline(never)]
pub fn decode<'a>(packet: &mut Packet<'a>, encoded: &'a [u8]) -> bool {
    // SAFETY: `encoded` is as long as is said.
    unsafe { c::nanopb_packet_decode(packet, encoded.as_ptr(), encoded.len()) }
}

/// Decodes, then reads payload and topic of the user packet.
///
/// Without the feature `utf8` the topic is not checked: it must be valid in `encoded` then, as
/// it is in all messages that are measured.
#[inline(never)]
pub fn read<'p, 'a: 'p>(
    packet: &'p mut Packet<'a>,
    encoded: &'a [u8],
) -> Option<(&'p [u8], &'p str)> {
    let mut read = Read { payload: ptr::null(), payload_len: 0, topic: ptr::null(), topic_len: 0 };
    // SAFETY: `encoded` is as long as is said. On success both parts lie in the packet and are as
    // long as is said, and the topic is valid as stated above.
    unsafe {
        c::nanopb_packet_read(packet, encoded.as_ptr(), encoded.len(), &mut read).then(|| {
            let topic = slice::from_raw_parts(read.topic, read.topic_len);
            let payload = slice::from_raw_parts(read.payload, read.payload_len);
            (payload, str::from_utf8_unchecked(topic))
        })
    }
}
