//! Three values of a user packet are read with the pull reader, without any message.
#![no_std]
#![no_main]

use core::hint::black_box;

use livekit_micro::keys::{data_packet, user_packet};
use livekit_micro::{DecodeError, Reader};
use weigh::DECODE;

#[inline(never)]
fn receive(frame: &[u8]) -> Result<(&[u8], &str, u32), DecodeError> {
    let (mut payload, mut topic, mut sequence) = (&[][..], "", 0);
    let mut reader = Reader::new(frame);
    reader.fields(|r, key| match key {
        data_packet::USER => r.fields(|r, key| match key {
            user_packet::PAYLOAD => payload = r.bytes(),
            user_packet::TOPIC => topic = r.str(),
            _ => {}
        }),
        data_packet::SEQUENCE => sequence = r.uint32(),
        _ => {}
    });
    reader.finish()?;
    Ok((payload, topic, sequence))
}

#[cortex_m_rt::entry]
fn main() -> ! {
    let frame = [0; 64];
    loop {
        let frame: &[u8] = black_box(&frame);
        if DECODE {
            let _ = black_box(receive(frame));
        }
    }
}
