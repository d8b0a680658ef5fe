//! The packet of which instructions and stack are measured.

use livekit_micro::owned::{DataPacket, UserPacket, data_packet::Value};
use livekit_micro::{decode_into, to_slice};

pub type Packet<'a> = DataPacket;

/// Gives `then` a packet with `payload`.
pub fn with(payload: &[u8], then: &mut dyn FnMut(&Packet<'_>)) {
    let user = UserPacket {
        payload: payload.try_into().expect("it is within the capacity"),
        topic: Some("temperature".try_into().expect("it is within the capacity")),
        id: Some("0f1e2d3c-4b5a-6978-87".try_into().expect("it is within the capacity")),
        start_time: Some(1_763_800_000_123),
        ..Default::default()
    };
    let to = ["robot-arm-left", "robot-arm-righ"];
    then(&DataPacket {
        participant_identity: "sensor-kitchen-1".try_into().expect("it is within the capacity"),
        destination_identities: to
            .into_iter()
            .map(|to| to.try_into().expect("it is within the capacity"))
            .collect(),
        sequence: 300,
        participant_sid: "PA_0123456789ab".try_into().expect("it is within the capacity"),
        value: Some(Value::User(user)),
        ..Default::default()
    });
}

#[inline(never)]
pub fn encode(packet: &Packet, buf: &mut [u8]) -> Option<usize> {
    Some(to_slice(packet, buf).ok()?.len())
}

#[inline(never)]
pub fn decode<'a>(packet: &mut Packet<'a>, encoded: &'a [u8]) -> bool {
    decode_into(packet, encoded).is_ok()
}

/// Payload and topic of the user packet in `encoded`.
#[inline(never)]
pub fn read<'p, 'a: 'p>(
    packet: &'p mut Packet<'a>,
    encoded: &'a [u8],
) -> Option<(&'p [u8], &'p str)> {
    decode_into(packet, encoded).ok()?;
    let Some(Value::User(user)) = &packet.value else { return None };
    Some((&user.payload, user.topic.as_ref()?))
}
