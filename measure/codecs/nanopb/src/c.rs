//! The glue's functions. Texts and bytes are a pointer and a length; what was written is -1 where
//! something went wrong.

use crate::packet::{DataPacket, Read};

unsafe extern "C" {
    pub fn nanopb_publish(
        topic: *const u8,
        topic_len: usize,
        payload: *const u8,
        payload_len: usize,
        sequence: u32,
        buf: *mut u8,
        size: usize,
    ) -> isize;

    pub fn nanopb_packet_fill(packet: *mut DataPacket, payload: *const u8, len: usize);
    pub fn nanopb_packet_encode(packet: *const DataPacket, buf: *mut u8, size: usize) -> isize;
    pub fn nanopb_packet_decode(packet: *mut DataPacket, encoded: *const u8, len: usize) -> bool;
    pub fn nanopb_packet_read(
        packet: *mut DataPacket,
        encoded: *const u8,
        len: usize,
        read: *mut Read,
    ) -> bool;

    pub fn nanopb_family_round_trip(
        which: usize,
        encoded: *const u8,
        len: usize,
        out: *mut u8,
        size: usize,
    ) -> isize;
    pub fn nanopb_wide_round_trip(
        which: usize,
        encoded: *const u8,
        len: usize,
        out: *mut u8,
        size: usize,
    ) -> isize;
    pub fn nanopb_all_round_trip(
        which: usize,
        encoded: *const u8,
        len: usize,
        out: *mut u8,
        size: usize,
    ) -> isize;

    pub fn nanopb_signal_receive(encoded: *const u8, len: usize) -> bool;
    pub fn nanopb_signal_send_all(
        text: *const u8,
        len: usize,
        number: i64,
        buf: *mut u8,
        size: usize,
    ) -> bool;
}
