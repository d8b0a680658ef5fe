//! One user packet is published.
#![no_std]
#![no_main]

use core::hint::black_box;

use livekit_micro::borrowed::{DataPacket, UserPacket, data_packet::Value};
use livekit_micro::{EncodeError, to_slice};
use weigh::{ENCODE, KNOWN};

#[inline(never)]
fn publish<'b>(
    topic: &str,
    payload: &[u8],
    sequence: u32,
    buf: &'b mut [u8],
) -> Result<&'b [u8], EncodeError> {
    if !ENCODE {
        black_box((topic, payload, sequence));
        return Ok(buf);
    }
    let user = UserPacket { payload, topic: Some(topic), ..Default::default() };
    let value = Some(Value::User((&user).into()));
    let mut packet = DataPacket { sequence, value, ..Default::default() };
    if !KNOWN {
        black_box(&mut packet);
    }
    to_slice(&packet, buf)
}

#[cortex_m_rt::entry]
fn main() -> ! {
    let mut out = [0; 64];
    loop {
        let (topic, payload, sequence) = black_box(("temperature", &[1, 2, 3], 7));
        black_box(publish(topic, payload, sequence, &mut out).is_ok());
    }
}
