//! One user packet is published.

use core::hint::black_box;

use livekit_micro::borrowed::{DataPacket, UserPacket, data_packet::Value};
use livekit_micro::to_slice;

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
    let user = UserPacket { payload, topic: Some(topic), ..Default::default() };
    let value = Some(Value::User((&user).into()));
    let mut packet = DataPacket { sequence, value, ..Default::default() };
    if !known {
        black_box(&mut packet);
    }
    Some(to_slice(&packet, buf).ok()?.len())
}
