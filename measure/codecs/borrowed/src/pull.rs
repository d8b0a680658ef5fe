//! Fields of a user packet are read without any message.

use livekit_micro::tags::{data_packet, user_packet};
use livekit_micro::{DecodeError, Reader};

#[inline(never)]
pub fn pull(encoded: &[u8]) -> Result<(&[u8], &str, u32), DecodeError> {
    let (mut payload, mut topic, mut sequence) = (&[][..], "", 0);
    let mut reader = Reader::new(encoded);
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

/// Payload and topic alone, as [`read`](crate::packet::read) gives them.
#[inline(never)]
pub fn pull_two(encoded: &[u8]) -> Result<(&[u8], Option<&str>), DecodeError> {
    let (mut payload, mut topic) = (&[][..], None);
    let mut reader = Reader::new(encoded);
    reader.fields(|r, key| {
        if key == data_packet::USER {
            r.fields(|r, key| match key {
                user_packet::PAYLOAD => payload = r.bytes(),
                user_packet::TOPIC => topic = Some(r.str()),
                _ => {}
            });
        }
    });
    reader.finish()?;
    Ok((payload, topic))
}
