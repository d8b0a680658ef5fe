//! The packet of which instructions and stack are measured.

use core::{ffi::c_void, marker::PhantomData, ptr, slice, str};

unsafe extern "C" {
    fn protobuf_c_packet_with(payload: *const u8, len: usize) -> *mut c_void;
    fn protobuf_c_packet_encode(packet: *const c_void, buf: *mut u8, size: usize) -> isize;
    fn protobuf_c_packet_decode(packet: *mut c_void, encoded: *const u8, len: usize)
    -> *mut c_void;
    fn protobuf_c_packet_read(packet: *const c_void, read: *mut Read) -> bool;
}

/// A pointer to a packet on the heap. It is not freed: the programs never end.
pub struct Packet<'a>(*mut c_void, PhantomData<&'a ()>);

/// What is read of a packet, as C hands it over.
#[repr(C)]
struct Read {
    payload: *const u8,
    payload_len: usize,
    topic: *const u8,
    topic_len: usize,
}

impl Default for Packet<'_> {
    fn default() -> Self {
        Self(ptr::null_mut(), PhantomData)
    }
}

/// Gives `then` a packet with `payload`.
pub fn with(payload: &[u8], then: &mut dyn FnMut(&Packet<'_>)) {
    // SAFETY: the payload is as long as is said, and outlives the packet.
    let packet = unsafe { protobuf_c_packet_with(payload.as_ptr(), payload.len()) };
    then(&Packet(packet, PhantomData));
}

/// Bytes written, `None` if the buffer is too small.
#[inline(never)]
pub fn encode(packet: &Packet, buf: &mut [u8]) -> Option<usize> {
    // SAFETY: the buffer is as long as is said.
    let written = unsafe { protobuf_c_packet_encode(packet.0, buf.as_mut_ptr(), buf.len()) };
    usize::try_from(written).ok()
}

/// Replaces the packet.
#[inline(never)]
pub fn decode<'a>(packet: &mut Packet<'a>, encoded: &'a [u8]) -> bool {
    // SAFETY: `encoded` is as long as is said; the packet is empty or was decoded here.
    packet.0 = unsafe { protobuf_c_packet_decode(packet.0, encoded.as_ptr(), encoded.len()) };
    !packet.0.is_null()
}

/// Payload and topic of the user packet in `encoded`. protobuf-c does not check that the topic is
/// UTF-8: it is in all messages that are measured.
#[inline(never)]
pub fn read<'p, 'a: 'p>(
    packet: &'p mut Packet<'a>,
    encoded: &'a [u8],
) -> Option<(&'p [u8], &'p str)> {
    if !decode(packet, encoded) {
        return None;
    }
    let mut read = Read { payload: ptr::null(), payload_len: 0, topic: ptr::null(), topic_len: 0 };
    // SAFETY: on success both parts lie in the packet and are as long as is said.
    unsafe {
        protobuf_c_packet_read(packet.0, &mut read).then(|| {
            let topic = slice::from_raw_parts(read.topic, read.topic_len);
            let payload = slice::from_raw_parts(read.payload, read.payload_len);
            (payload, str::from_utf8_unchecked(topic))
        })
    }
}
