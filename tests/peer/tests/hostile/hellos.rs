//! ServerHello (RFC 5246, 7.4.1.3).

use peer_tests::servers::hostile::hello::{
    EXTENDED_MASTER_SECRET, POINT_FORMATS, RENEGOTIATION_INFO, USE_SRTP,
};
use peer_tests::servers::hostile::wire::SERVER_HELLO;

use crate::deviate::{hello, message};
use crate::opponent::Case;
use crate::opponent::Expect::{Connects, Refused};

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for version in
        [[0xFE, 0xFF], [0xFE, 0xFC], [0xFE, 0xFE], [0x03, 0x03], [1, 0], [0, 0], [0xFF, 0xFF]]
    {
        let name = format!("ServerHello of version {version:02X?}");
        cases.push(Case::new(&name, Refused("version"), move |server| {
            hello(server, move |it| it.version = version)
        }));
    }
    for suite in
        [0xC02C, 0xC02F, 0xC0AC, 0xC023, 0xC009, 0xCCA9, 0x00A8, 0x009C, 0x00FF, 0x0000, 0xFFFF]
    {
        let name = format!("suite {suite:04X}");
        cases.push(Case::new(&name, Refused("suite"), move |server| {
            hello(server, move |it| it.suite = suite)
        }));
    }
    for compression in [1, 64, 255] {
        let name = format!("compression method {compression}");
        cases.push(Case::new(&name, Refused("compress"), move |server| {
            hello(server, move |it| it.compression = compression)
        }));
    }
    for length in [1, 32] {
        // RFC 5246, 7.4.1.3: a session that could be resumed; the client need not.
        let name = format!("a session id of {length} bytes");
        cases.push(Case::new(&name, Connects, move |server| {
            hello(server, move |it| it.session = vec![7; length])
        }));
    }
    cases.push(Case::new(
        "a session id of 33 bytes",
        Refused("ServerHello is malformed"),
        |server| hello(server, |it| it.session = vec![7; 33]),
    ));
    cases.push(Case::new(
        "extended_master_secret is absent",
        Refused("extended master secret"),
        |server| {
            hello(server, |it| it.remove(EXTENDED_MASTER_SECRET));
        },
    ));
    cases.push(Case::new(
        "extended_master_secret is not empty",
        Refused("extension 23"),
        |server| {
            hello(server, |it| it.replace(EXTENDED_MASTER_SECRET, &[0]));
        },
    ));
    cases.push(Case::new("use_srtp is absent", Connects, |server| {
        hello(server, |it| it.remove(USE_SRTP))
    }));
    cases.push(Case::new(
        "renegotiation_info names an earlier handshake",
        Refused("extension 65281"),
        |server| {
            hello(server, |it| {
                it.remove(RENEGOTIATION_INFO);
                it.extensions
                    .push((RENEGOTIATION_INFO, vec![12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
            });
        },
    ));
    // RFC 5764, 4.1.1: "the server MUST return … one profile", one of those offered.
    for (name, data) in [
        ("a profile that was not offered", &[0, 2, 0, 0x55, 0][..]),
        ("the profile 0000", &[0, 2, 0, 0, 0]),
        ("two profiles", &[0, 4, 0, 1, 0, 7, 0]),
        ("no profile", &[0, 0, 0]),
        ("half a profile", &[0, 1, 0, 0]),
        ("no data", &[]),
        ("a length that lies", &[0, 9, 0, 1, 0]),
        ("no MKI", &[0, 2, 0, 1]),
        ("an MKI that was not offered", &[0, 2, 0, 1, 2, 5, 5]),
    ] {
        let name = format!("use_srtp with {name}");
        cases.push(Case::new(&name, Refused("extension 14"), move |server| {
            hello(server, move |it| it.replace(USE_SRTP, data))
        }));
    }
    // RFC 5246, 7.4.1.4: an extension must not be in ServerHello that was not in ClientHello.
    for (name, kind, data) in [
        ("server_name", 0, &[][..]),
        ("max_fragment_length", 1, &[4]),
        ("status_request", 5, &[]),
        ("heartbeat", 15, &[1]),
        ("ALPN", 16, &[0, 3, 2, b'h', b'2']),
        ("encrypt_then_mac", 22, &[]),
        ("session_ticket", 35, &[]),
        ("supported_versions", 43, &[0xFE, 0xFC]),
        ("connection_id", 54, &[0]),
        ("an unknown extension", 0x1234, &[1, 2, 3]),
    ] {
        let name = format!("{name} was not offered");
        cases.push(Case::new(&name, Refused("extension"), move |server| {
            hello(server, move |it| it.extensions.push((kind, data.to_vec())));
        }));
    }
    for (name, kind) in [("extended_master_secret", EXTENDED_MASTER_SECRET), ("use_srtp", USE_SRTP)]
    {
        cases.push(Case::new(
            &format!("{name} comes twice"),
            Refused("extension"),
            move |server| {
                hello(server, move |it| {
                    let again =
                        it.extensions.iter().find(|(found, _)| *found == kind).unwrap().clone();
                    it.extensions.push(again);
                });
            },
        ));
    }
    cases.push(Case::new("no extensions", Refused("extended master secret"), |server| {
        message(server, SERVER_HELLO, |body| body.truncate(38))
    }));
    cases.push(Case::new(
        "a byte after the extensions",
        Refused("ServerHello is malformed"),
        |server| message(server, SERVER_HELLO, |body| body.push(0)),
    ));
    cases.push(Case::new(
        "ec_point_formats without uncompressed",
        Refused("extension 11"),
        |server| {
            hello(server, |it| {
                it.remove(POINT_FORMATS);
                it.extensions.push((POINT_FORMATS, vec![1, 1]));
            });
        },
    ));
    for length in 0..60 {
        cases.push(Case::new(
            &format!("ServerHello of {length} bytes"),
            // The fixed part has 38 bytes; the rest is optional, but not for this client.
            Refused(if length == 38 {
                "extended master secret"
            } else {
                "ServerHello is malformed"
            }),
            move |server| message(server, SERVER_HELLO, move |body| body.truncate(length)),
        ));
    }
    cases
}
