//! Encoded messages with their fields in field-number order, so that two encoders can be compared
//! byte for byte although the order is free: micropb and Go write a oneof behind all other fields,
//! prost at the number of its member, and the entries of a map come in any order.
//!
//! Nothing but order changes. Fields of the same number keep theirs (so lists do), entries of a
//! map are sorted by their encoded keys. What an encoder never writes, two members of one oneof,
//! would lose which of them came last.

use prost_reflect::{Kind, MessageDescriptor};

/// Wire types, the low three bits of a tag.
const VARINT: u64 = 0;
const FIXED64: u64 = 1;
const BYTES: u64 = 2;
const FIXED32: u64 = 5;

/// `bytes`, a message of this type, in normal order; `None` if they are no message.
pub fn order(descriptor: &MessageDescriptor, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut fields = fields(descriptor, bytes)?;
    fields.sort_by(|a, b| (a.number, &a.key).cmp(&(b.number, &b.key))); // stable
    Some(fields.iter().flat_map(|field| [field.head, &field.content].concat()).collect())
}

struct Field<'a> {
    number: u32,
    /// What entries of a map are sorted by.
    key: Vec<u8>,
    /// Tag and length as they came.
    head: &'a [u8],
    /// In normal order, if it is a message.
    content: Vec<u8>,
}

fn fields<'a>(descriptor: &MessageDescriptor, bytes: &'a [u8]) -> Option<Vec<Field<'a>>> {
    let mut fields = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let start = rest;
        let tag = varint(&mut rest)?;
        let number = u32::try_from(tag >> 3).ok()?;
        let len = match tag & 7 {
            VARINT => {
                let mut behind = rest;
                varint(&mut behind)?;
                rest.len() - behind.len()
            }
            FIXED64 => 8,
            BYTES => usize::try_from(varint(&mut rest)?).ok()?,
            FIXED32 => 4,
            _ => return None, // groups
        };
        let head = &start[..start.len() - rest.len()];
        let content;
        (content, rest) = rest.split_at_checked(len)?;
        let inside = descriptor.get_field(number).map(|field| field.kind());
        let (content, key) = match inside {
            Some(Kind::Message(message)) if tag & 7 == BYTES => {
                let key = if message.is_map_entry() { key(&message, content)? } else { vec![] };
                (order(&message, content)?, key)
            }
            _ => (content.to_vec(), vec![]),
        };
        fields.push(Field { number, key, head, content });
    }
    Some(fields)
}

/// The encoded key of a map entry; empty where it is left out for being the default.
fn key(entry: &MessageDescriptor, bytes: &[u8]) -> Option<Vec<u8>> {
    let fields = fields(entry, bytes)?;
    let key = fields.into_iter().rfind(|field| field.number == 1);
    Some(key.map(|field| field.content).unwrap_or_default())
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..70).step_by(7) {
        let (&byte, tail) = rest.split_first()?;
        *rest = tail;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use prost_reflect::DynamicMessage;
    use prost_reflect::prost::Message;

    use super::*;
    use crate::peer::POOL;
    use crate::{difference, random};

    const IDENTITY: &[u8] = b"\x22\x01i"; // DataPacket.participant_identity = 4
    const SEQUENCE: &[u8] = b"\x80\x01\x07"; // DataPacket.sequence = 16
    const USER: &[u8] = b"\x12\x06\x12\x01p\x22\x01t"; // DataPacket.user = 2: payload = 2, topic = 4
    const USER_BACKWARDS: &[u8] = b"\x12\x06\x22\x01t\x12\x01p";
    const TO_B: &[u8] = b"\x2a\x01b"; // DataPacket.destination_identities = 5
    const TO_A: &[u8] = b"\x2a\x01a";
    const NEW: &[u8] = b"\xfa\x01\x02\x09\x08"; // field 31, which this schema does not know
    const LONG_TAG: &[u8] = b"\xa2\x80\x00\x81\x00i"; // IDENTITY with more bytes than it needs

    const ENTRY_A: &[u8] = b"\x7a\x06\x0a\x01a\x12\x01z"; // ParticipantInfo.attributes = 15
    const ENTRY_A_BACKWARDS: &[u8] = b"\x7a\x06\x12\x01z\x0a\x01a";
    const ENTRY_B: &[u8] = b"\x7a\x06\x0a\x01b\x12\x01y";
    const ENTRY_NO_KEY: &[u8] = b"\x7a\x03\x12\x01x";

    #[track_caller]
    fn becomes(message: &str, given: &[&[u8]], expected: &[&[u8]]) {
        let descriptor = POOL.get_message_by_name(message).unwrap();
        assert_eq!(order(&descriptor, &given.concat()), Some(expected.concat()));
    }

    #[test]
    fn a_oneof_behind_the_other_fields_moves_to_its_number() {
        becomes("livekit.DataPacket", &[IDENTITY, SEQUENCE, USER], &[USER, IDENTITY, SEQUENCE]);
    }

    #[test]
    fn fields_of_a_submessage_are_put_in_order() {
        becomes("livekit.DataPacket", &[USER_BACKWARDS], &[USER]);
    }

    #[test]
    fn items_of_a_list_keep_their_order() {
        becomes("livekit.DataPacket", &[TO_B, SEQUENCE, TO_A], &[TO_B, TO_A, SEQUENCE]);
    }

    #[test]
    fn entries_of_a_map_are_sorted_by_key_and_in_order_inside() {
        let given = [ENTRY_B, ENTRY_A_BACKWARDS, ENTRY_NO_KEY];
        becomes("livekit.ParticipantInfo", &given, &[ENTRY_NO_KEY, ENTRY_A, ENTRY_B]);
    }

    #[test]
    fn unknown_fields_and_long_tags_stay_as_they_are() {
        becomes("livekit.DataPacket", &[NEW, LONG_TAG, USER], &[USER, LONG_TAG, NEW]);
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let descriptor = POOL.get_message_by_name("livekit.DataPacket").unwrap();
        let user_cut_inside = b"\x12\x03\x12\x02p";
        for bytes in [b"\x12".as_slice(), b"\x12\x03p", b"\x1b\x1c", b"\x80", user_cut_inside] {
            assert_eq!(order(&descriptor, bytes), None, "{bytes:02x?}");
        }
    }

    /// Only order, as prost and a count of the bytes see it; what is in order stays.
    #[test]
    fn nothing_but_order_changes() {
        for name in ["livekit.DataPacket", "livekit.ParticipantInfo", "livekit.SignalResponse"] {
            let descriptor = POOL.get_message_by_name(name).unwrap();
            for index in 0..100 {
                let message = random::message(&descriptor, index);
                let bytes = backwards(&descriptor, &message.encode_to_vec());
                let ordered = order(&descriptor, &bytes).unwrap();
                let again = DynamicMessage::decode(descriptor.clone(), &*ordered).unwrap();
                assert_eq!(difference::first(&again, &message), None, "{name} {index}");
                assert_eq!(sorted(&ordered), sorted(&bytes), "{name} {index}");
                assert_eq!(order(&descriptor, &ordered), Some(ordered), "{name} {index}");
            }
        }
    }

    /// The fields of the outermost message from the highest number to the lowest.
    fn backwards(descriptor: &MessageDescriptor, bytes: &[u8]) -> Vec<u8> {
        let mut fields = fields(descriptor, bytes).unwrap();
        fields.sort_by_key(|field| std::cmp::Reverse(field.number));
        fields.iter().flat_map(|field| [field.head, &field.content].concat()).collect()
    }

    fn sorted(bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        bytes.sort_unstable();
        bytes
    }
}
