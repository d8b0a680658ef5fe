//! The packet of which instructions and stack are measured.

use prost::Message;

use crate::messages::{DataPacket, UserPacket, data_packet::Value};
use crate::with_heap;

pub type Packet<'a> = DataPacket;

/// Gives `then` a packet with `payload`.
pub fn with(payload: &[u8], then: &mut dyn FnMut(&Packet<'_>)) {
    with_heap();
    let user = UserPacket {
        payload: payload.into(),
        topic: Some("temperature".into()),
        id: Some("0f1e2d3c-4b5a-6978-87".into()),
        start_time: Some(1_763_800_000_123),
        ..Default::default()
    };
    let to = ["robot-arm-left", "robot-arm-righ"];
    then(&DataPacket {
        participant_identity: "sensor-kitchen-1".into(),
        destination_identities: to.into_iter().map(|to| to.into()).collect(),
        sequence: 300,
        participant_sid: "PA_0123456789ab".into(),
        value: Some(Value::User(user)),
        ..Default::default()
    });
}

#[inline(never)]
pub fn encode(packet: &Packet, buf: &mut [u8]) -> Option<usize> {
    crate::encode(packet, buf)
}

#[inline(never)]
pub fn decode<'a>(packet: &mut Packet<'a>, encoded: &'a [u8]) -> bool {
    with_heap();
    // prost merges into an existing message.
    packet.clear();
    packet.merge(encoded).is_ok()
}

/// Payload and topic of the user packet in `encoded`.
#[inline(never)]
pub fn read<'p, 'a: 'p>(
    packet: &'p mut Packet<'a>,
    encoded: &'a [u8],
) -> Option<(&'p [u8], &'p str)> {
    if !decode(packet, encoded) {
        return None;
    }
    let Some(Value::User(user)) = &packet.value else { return None };
    Some((&user.payload, user.topic.as_deref()?))
}
