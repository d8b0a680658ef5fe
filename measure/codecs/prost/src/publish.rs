//! One user packet is published.

use core::hint::black_box;

use crate::messages::{DataPacket, UserPacket, data_packet::Value};
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
    let user =
        UserPacket { payload: payload.into(), topic: Some(topic.into()), ..Default::default() };
    let mut packet = DataPacket { sequence, value: Some(Value::User(user)), ..Default::default() };
    if !known {
        black_box(&mut packet);
    }
    encode(&packet, buf)
}
