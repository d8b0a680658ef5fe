//! One user packet is published.

use alloc::boxed::Box;
use core::hint::black_box;

use crate::generated::livekit::__buffa::view::oneof::data_packet::Value;
use crate::messages::{DataPacket, UserPacket};
use crate::{encode, with_heap};

/// Publishes where the optimiser sees the case of the oneof.
#[inline(never)]
pub fn publish(topic: &str, payload: &[u8], sequence: u32, buf: &mut [u8]) -> Option<usize> {
    send(topic, payload, sequence, buf, true)
}

/// Publishes where it does not.
#[inline(never)]
pub fn publish_any(topic: &str, payload: &[u8], sequence: u32, buf: &mut [u8]) -> Option<usize> {
    send(topic, payload, sequence, buf, false)
}

#[inline(always)]
fn send(topic: &str, payload: &[u8], sequence: u32, buf: &mut [u8], known: bool) -> Option<usize> {
    with_heap();
    let user = UserPacket { payload, topic: Some(topic), ..Default::default() };
    let value = Some(Value::User(Box::new(user)));
    let mut packet = DataPacket { sequence, value, ..Default::default() };
    if !known {
        black_box(&mut packet);
    }
    encode(&packet, buf)
}
