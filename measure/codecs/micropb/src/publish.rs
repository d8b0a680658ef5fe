//! One user packet is published.

use core::hint::black_box;

use crate::encode;
use crate::messages::{DataPacket, DataPacket_::Value, UserPacket};

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
    let mut user = UserPacket { payload: payload.try_into().ok()?, ..Default::default() };
    user.set_topic(topic.try_into().ok()?);
    let mut packet = DataPacket { sequence, value: Some(Value::User(user)), ..Default::default() };
    if !known {
        black_box(&mut packet);
    }
    encode(&packet, buf)
}
