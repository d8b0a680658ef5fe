//! The packet of which instructions and stack are measured.

use noproto::Message;
use noproto::encoding::ByteReader;

use crate::messages::{DataPacket, UserPacket, data_packet::Value};

pub type Packet<'a> = DataPacket;

/// Gives `then` a packet with `payload`.
pub fn with(payload: &[u8], then: &mut dyn FnMut(&Packet<'_>)) {
    let user = UserPacket {
        payload: Some(payload.try_into().expect("it is within the capacity")),
        topic: Some("temperature".try_into().expect("it is within the capacity")),
        id: Some("0f1e2d3c-4b5a-6978-87".try_into().expect("it is within the capacity")),
        start_time: Some(1_763_800_000_123),
        ..Default::default()
    };
    let to = ["robot-arm-left", "robot-arm-righ"];
    then(&DataPacket {
        participant_identity: Some(
            "sensor-kitchen-1".try_into().expect("it is within the capacity"),
        ),
        destination_identities: to
            .into_iter()
            .map(|to| to.try_into().expect("it is within the capacity"))
            .collect(),
        sequence: Some(300),
        participant_sid: Some("PA_0123456789ab".try_into().expect("it is within the capacity")),
        value: Some(Value::User(user)),
        ..Default::default()
    });
}

#[inline(never)]
pub fn encode(packet: &Packet, buf: &mut [u8]) -> Option<usize> {
    noproto::write(packet, buf).ok()
}

#[inline(never)]
pub fn decode<'a>(packet: &mut Packet<'a>, encoded: &'a [u8]) -> bool {
    // noproto merges into an existing message.
    *packet = DataPacket::default();
    packet.read_raw(&mut ByteReader::new(encoded)).is_ok()
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
    Some((user.payload.as_deref()?, user.topic.as_deref()?))
}
