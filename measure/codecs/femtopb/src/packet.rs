//! The packet of which instructions and stack are measured.

use femtopb::{Message, Repeated};

use crate::messages::{DataPacket, UserPacket, data_packet::Value};

pub type Packet<'a> = DataPacket<'a>;

/// Gives `then` a packet with `payload`.
pub fn with(payload: &[u8], then: &mut dyn FnMut(&Packet<'_>)) {
    let to = ["robot-arm-left", "robot-arm-righ"];
    let user = UserPacket {
        payload,
        topic: Some("temperature"),
        id: Some("0f1e2d3c-4b5a-6978-87"),
        start_time: Some(1_763_800_000_123),
        ..Default::default()
    };
    then(&DataPacket {
        participant_identity: "sensor-kitchen-1",
        destination_identities: Repeated::from_slice(&to),
        sequence: 300,
        participant_sid: "PA_0123456789ab",
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
    match DataPacket::decode(encoded) {
        Ok(decoded) => *packet = decoded,
        Err(_) => return false,
    }
    true
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
    Some((user.payload, user.topic?))
}
