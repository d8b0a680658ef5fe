//! STUN messages: RFC 5769's vectors, and bytes that are no message.

use std::net::SocketAddr;

use livekit_micro_peer::RustCrypto;
use livekit_micro_peer::stun::{Class, Message, Writer, attribute, is_stun};
use proptest::prelude::*;

/// RFC 5769, 2: the password of its messages, and their transaction.
const PASSWORD: &[u8] = b"VOkJxbRl1RmTxUk/WvJxBt";
const ID: [u8; 12] = [0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae];

/// RFC 5769, 2.1.
const REQUEST: &[u8] = b"\x00\x01\x00\x58\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae\
    \x80\x22\x00\x10STUN test client\x00\x24\x00\x04\x6e\x00\x01\xff\x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36\
    \x00\x06\x00\x09\x65\x76\x74\x6a\x3a\x68\x36\x76\x59\x20\x20\x20\
    \x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\x78\x1e\xf2\xb5\xb2\xd3\xf2\x49\xc1\xb5\x71\xa2\
    \x80\x28\x00\x04\xe5\x7a\x3b\xcf";

/// RFC 5769, 2.2.
const RESPONSE_V4: &[u8] = b"\x01\x01\x00\x3c\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae\
    \x80\x22\x00\x0b\x74\x65\x73\x74\x20\x76\x65\x63\x74\x6f\x72\x20\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43\
    \x00\x08\x00\x14\x2b\x91\xf5\x99\xfd\x9e\x90\xc3\x8c\x74\x89\xf9\x2a\xf9\xba\x53\xf0\x6b\xe7\xd7\
    \x80\x28\x00\x04\xc0\x7d\x4c\x96";

/// RFC 5769, 2.3.
const RESPONSE_V6: &[u8] = b"\x01\x01\x00\x48\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae\
    \x80\x22\x00\x0b\x74\x65\x73\x74\x20\x76\x65\x63\x74\x6f\x72\x20\
    \x00\x20\x00\x14\x00\x02\xa1\x47\x01\x13\xa9\xfa\xa5\xd3\xf1\x79\xbc\x25\xf4\xb5\xbe\xd2\xb9\xd9\
    \x00\x08\x00\x14\xa3\x82\x95\x4e\x4b\xe6\x7b\xf1\x17\x84\xc9\x7c\x82\x92\xc2\x75\xbf\xe3\xed\x41\
    \x80\x28\x00\x04\xc8\xfb\x0b\x4c";

fn crypto() -> RustCrypto<impl FnMut(&mut [u8])> {
    RustCrypto::new(|bytes: &mut [u8]| fastrand::fill(bytes))
}

#[test]
fn the_request_of_rfc_5769_is_read() {
    let message = Message::read(REQUEST).expect("a message");
    assert_eq!((message.class(), message.id()), (Class::Request, &ID));
    assert!(message.is_authentic(&mut crypto(), PASSWORD));
    assert!(!message.is_authentic(&mut crypto(), b"VOkJxbRl1RmTxUk/WvJxBT"));
    assert_eq!(message.get(attribute::USERNAME), Some(&b"evtj:h6vY"[..]));
    assert_eq!(message.priority(), Some(0x6e00_01ff));
    assert_eq!(
        message.get(attribute::ICE_CONTROLLED),
        Some(&0x932f_f9b1_5126_3b36_u64.to_be_bytes()[..])
    );
    assert_eq!(message.unknown().count(), 0, "SOFTWARE may be ignored");
    let kinds: Vec<_> = message.attributes().map(|it| it.0).collect();
    assert_eq!(kinds, [0x8022, 0x0024, 0x8029, 0x0006]);
}

#[test]
fn the_responses_of_rfc_5769_are_read() {
    for (bytes, address) in [
        (RESPONSE_V4, "192.0.2.1:32853"),
        (RESPONSE_V6, "[2001:db8:1234:5678:11:2233:4455:6677]:32853"),
    ] {
        let message = Message::read(bytes).expect("a message");
        assert_eq!((message.class(), message.id()), (Class::Success, &ID));
        assert!(message.is_authentic(&mut crypto(), PASSWORD));
        assert_eq!(message.mapped_address(), Some(address.parse().expect("an address")));
    }
}

/// RFC 5769 has spaces as padding and this crate has zeros, so only messages without padding are the same.
#[test]
fn a_message_is_written_as_rfc_5769_writes_it() {
    let mut out = [0; 148];
    let mut writer = Writer::new(&mut out, Class::Request, &ID);
    writer.attribute(0x8022, &[b"STUN test ", b"client"]);
    writer.attribute(attribute::PRIORITY, &[&0x6e00_01ff_u32.to_be_bytes()]);
    writer.attribute(attribute::ICE_CONTROLLED, &[&0x932f_f9b1_5126_3b36_u64.to_be_bytes()]);
    writer.attribute(attribute::USERNAME, &[b"evtj", b":", b"h6vY"]);
    let len = writer.finish(&mut crypto(), PASSWORD).expect("it is large enough");
    assert_eq!(len, REQUEST.len());
    // Up to the padding; the integrity and the fingerprint cover it.
    assert_eq!(out[..len - 35], REQUEST[..len - 35]);
    assert!(Message::read(&out[..len]).expect("a message").is_authentic(&mut crypto(), PASSWORD));
}

#[test]
fn every_truncation_and_every_flipped_bit_of_a_message_is_no_message_or_not_authentic() {
    for bytes in [REQUEST, RESPONSE_V4, RESPONSE_V6] {
        for len in 0..bytes.len() {
            assert!(Message::read(&bytes[..len]).is_none(), "{len}");
        }
        for bit in 0..bytes.len() * 8 {
            let mut bytes = bytes.to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            // A FINGERPRINT finds all of them, as long as it is one.
            let is_believed =
                Message::read(&bytes).is_some_and(|it| it.is_authentic(&mut crypto(), PASSWORD));
            let of_fingerprint = bit / 8 >= bytes.len() - 8 && bit / 8 < bytes.len() - 6;
            assert!(!is_believed || of_fingerprint, "{bit}");
        }
    }
}

#[test]
fn what_stands_after_the_integrity_is_not_seen() {
    let mut out = [0; 148];
    let mut writer = Writer::new(&mut out, Class::Request, &ID);
    writer.attribute(attribute::USERNAME, &[b"user"]);
    let len = writer.finish(&mut crypto(), PASSWORD).expect("it is large enough");
    // In place of the fingerprint.
    out[len - 8..len].copy_from_slice(b"\x00\x25\x00\x00\x00\x06\x00\x00");
    let message = Message::read(&out[..len]).expect("a message");
    assert!(message.is_authentic(&mut crypto(), PASSWORD));
    assert_eq!(message.get(attribute::USE_CANDIDATE), None);
    assert_eq!(message.get(attribute::USERNAME), Some(&b"user"[..]));
}

#[test]
fn a_message_that_goes_on_after_its_fingerprint_is_none() {
    for tail in [&b"\x80\x22\x00\x00"[..], b"\x00\x25\x00\x00"] {
        let mut out = [0; 148];
        let mut writer = Writer::new(&mut out, Class::Request, &ID);
        writer.attribute(attribute::USERNAME, &[b"user"]);
        let len = writer.finish(&mut crypto(), PASSWORD).expect("it is large enough");
        // The fingerprint is right for the longer message.
        let mut bytes = [&out[..len], tail].concat();
        bytes[3] += 4;
        let crc = crc32(&bytes[..len - 8]) ^ 0x5354_554e;
        bytes[len - 4..len].copy_from_slice(&crc.to_be_bytes());
        assert!(Message::read(&bytes).is_none());
        bytes.truncate(len);
        bytes[3] -= 4;
        let crc = crc32(&bytes[..len - 8]) ^ 0x5354_554e;
        bytes[len - 4..].copy_from_slice(&crc.to_be_bytes());
        assert!(Message::read(&bytes).is_some());
    }
}

/// CRC-32 as ISO 3309 has it, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    })
}

#[test]
fn error_codes_and_unknown_attributes_are_told() {
    for code in [300, 399, 401, 420, 487, 500, 699] {
        let mut out = [0; 148];
        let mut writer = Writer::new(&mut out, Class::Error, &ID);
        writer.error_code(code);
        writer.attribute(0x7fff, &[]);
        writer.attribute(0x8fff, &[]);
        let len = writer.finish(&mut crypto(), PASSWORD).expect("it is large enough");
        let message = Message::read(&out[..len]).expect("a message");
        assert_eq!((message.class(), message.error_code()), (Class::Error, Some(code)));
        assert_eq!(message.unknown().collect::<Vec<_>>(), [0x7fff]);
    }
}

#[test]
fn a_buffer_that_is_too_small_gives_nothing() {
    for len in 0..72 {
        let mut out = vec![0; len];
        let mut writer = Writer::new(&mut out, Class::Success, &ID);
        writer.mapped_address("192.0.2.1:1".parse().expect("an address"));
        writer.attribute(attribute::USERNAME, &[b"user"]);
        assert_eq!(writer.finish(&mut crypto(), PASSWORD), None, "{len}");
    }
}

#[test]
fn dtls_and_random_bytes_are_not_stun() {
    assert!(is_stun(REQUEST));
    assert!(!is_stun(&[]) && !is_stun(&REQUEST[..7]));
    // RFC 7983, 7: 20 to 63 is DTLS.
    for first in 4..=255 {
        let mut bytes = REQUEST.to_vec();
        bytes[0] = first;
        assert!(!is_stun(&bytes));
    }
}

proptest! {
    #[test]
    fn any_bytes_after_a_header_are_a_message_or_not(kind: u16, body in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = [&kind.to_be_bytes()[..], &(body.len() as u16).to_be_bytes(), &REQUEST[4..20], &body].concat();
        for _ in 0..2 {
            if let Some(message) = Message::read(&bytes) {
                prop_assert_eq!(kind & 0x3eef, 1);
                let len: usize = message.attributes().map(|it| 4 + it.1.len()).sum();
                prop_assert!(len <= body.len());
                prop_assert!(!message.is_authentic(&mut crypto(), PASSWORD));
                let _ = (message.mapped_address(), message.error_code(), message.priority());
            }
            // Once more as an attribute that ends where the message does.
            if body.len() >= 4 && body.len() % 4 == 0 {
                let len = (body.len() as u16 - 4).to_be_bytes();
                bytes[22..24].copy_from_slice(&len);
            }
        }
    }

    #[test]
    fn an_address_is_read_as_it_was_written(address: SocketAddr, id: [u8; 12]) {
        let mut out = [0; 148];
        let mut writer = Writer::new(&mut out, Class::Success, &id);
        writer.mapped_address(address);
        let len = writer.finish(&mut crypto(), PASSWORD).expect("it is large enough");
        let read = Message::read(&out[..len]).and_then(|it| it.mapped_address()).expect("an address");
        prop_assert_eq!((read.ip(), read.port()), (address.ip(), address.port()));
    }
}
