//! Datagrams that nobody has authenticated.

use peer_tests::servers::hostile::wire::{
    ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, HEARTBEAT, HELLO_VERIFY_REQUEST,
    Message, Record,
};

use crate::opponent::JUNK;

/// Each kind with its name.
pub fn junk() -> Vec<(String, Vec<Vec<u8>>)> {
    let record = |content: u8, epoch: u16, payload: &[u8]| {
        Record { epoch, sequence: Some(1000), ..Record::plain(content, payload.to_vec()) }.bytes()
    };
    let mut junk = vec![
        ("an empty datagram".to_owned(), vec![Vec::new()]),
        ("datagrams of 1 to 12 bytes".into(), (1..13).map(|length| vec![22; length]).collect()),
        (
            "a STUN request, RTP, RTCP".into(),
            vec![
                [&[0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42][..], &[7; 12]].concat(),
                [&[0x80, 96][..], &[7; 40]].concat(),
                [&[0x80, 200][..], &[7; 40]].concat(),
            ],
        ),
        (
            "1500 bytes of each of 256 values".into(),
            (0..=255).map(|byte| vec![byte; 1500]).collect(),
        ),
        ("a record of 16385 bytes".into(), vec![record(HANDSHAKE, 0, &[0; 16385])]),
        ("a record of 65535 bytes".into(), vec![record(APPLICATION_DATA, 1, &[0; 65535])]),
        ("random datagrams".into(), {
            let mut rng = fastrand::Rng::with_seed(3);
            (0..300).map(|_| (0..rng.usize(..200)).map(|_| rng.u8(..)).collect()).collect()
        }),
        ("random records".into(), {
            let mut rng = fastrand::Rng::with_seed(4);
            (0..300)
                .map(|_| {
                    let payload: Vec<u8> = (0..rng.usize(..60)).map(|_| rng.u8(..)).collect();
                    record(rng.u8(20..25), rng.u16(1..3), &payload)
                })
                .collect()
        }),
        ("application data that is not encrypted".into(), vec![record(APPLICATION_DATA, 0, JUNK)]),
        (
            "application data of epoch 1 that is not encrypted".into(),
            vec![record(APPLICATION_DATA, 1, &JUNK.repeat(20))],
        ),
        (
            "heartbeat requests".into(),
            vec![
                record(HEARTBEAT, 0, &[&[1, 0xFF, 0xFF][..], &[7; 16]].concat()),
                record(HEARTBEAT, 1, &[&[1, 0, 0][..], &[7; 40]].concat()),
            ],
        ),
        ("HelloRequest of message_seq 0".into(), vec![record(HANDSHAKE, 0, &[0; 12])]),
        ("HelloVerifyRequests with other cookies, of message_seq 0 to 3".into(), {
            let verify = |seq: u16| {
                let body = [&[0xFE, 0xFF, 16][..], &[seq as u8; 16]].concat();
                let message = Message { kind: HELLO_VERIFY_REQUEST, seq, body };
                record(HANDSHAKE, 0, &message.whole())
            };
            (0..4).map(verify).collect()
        }),
    ];
    for content in
        [0, 19, CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA, HEARTBEAT, 25, 26, 32, 255]
    {
        for epoch in [0, 1, 2, 65535] {
            let payloads = [0, 1, 2, 7, 8, 16, 23, 24, 25];
            let all = payloads.map(|length| record(content, epoch, &vec![0xA5; length]));
            junk.push((
                format!("records of type {content}, epoch {epoch}, 0 to 25 bytes"),
                all.to_vec(),
            ));
        }
    }
    junk
}
