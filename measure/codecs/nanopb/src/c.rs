//! The glue's functions. Texts and bytes are a pointer and a length; what was written is -1 where
//! something went wrong.

use core::ffi::c_char;

use crate::packet::{DataPacket, Read};
use crate::session;

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

    pub fn nanopb_session_is(one: *const c_char, other: *const c_char) -> bool;
    pub fn nanopb_session_receive(
        is_reliable: bool,
        frame: *const u8,
        len: usize,
        now: u32,
        out: *mut u8,
        size: usize,
        event: *mut session::Event<'_>,
    ) -> bool;
    pub fn nanopb_session_publish(
        topic: *const c_char,
        payload: *const u8,
        payload_len: usize,
        buf: *mut u8,
        size: usize,
    ) -> isize;
    #[cfg(feature = "callee")]
    pub fn nanopb_session_respond(
        identity: *const c_char,
        request_id: *const c_char,
        payload: *const c_char,
        error: *const session::Error<'_>,
        buf: *mut u8,
        size: usize,
    ) -> isize;
}
