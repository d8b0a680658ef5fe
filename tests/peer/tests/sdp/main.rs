//! Descriptions and candidates of other products, and those that this crate writes.

mod texts;
mod written;

use livekit_micro_peer::ice::{Candidate, CredentialsError, Kind, Transport};
use livekit_micro_peer::sdp::{Description, ReadError, Setup, Skipped, candidate, candidate_v4};
use proptest::prelude::*;
use texts::*;

#[test]
fn the_answer_of_a_livekit_server_is_read() {
    let answer = Description::read(LIVEKIT_ANSWER).expect("it is valid");
    assert_eq!(answer.credentials.ufrag(), "cnzonWGSfZLfwdXD");
    assert_eq!(answer.credentials.pwd(), "xWvySSuNzYKGERDcdARqyeVoAOTBYoPS");
    assert_eq!((answer.fingerprint[0], answer.fingerprint[31]), (0x97, 0x6D));
    assert_eq!((answer.setup, answer.mid), (Setup::Active, "0"));
    assert_eq!((answer.sctp_port, answer.max_message_size), (5000, 65_535));
    assert!(!answer.is_lite);
    assert_eq!(answer.candidates().count(), 0);
}

#[test]
fn the_offer_of_libwebrtc_is_read() {
    let offer = Description::read(LIBWEBRTC_OFFER).expect("it is valid");
    assert_eq!((offer.credentials.ufrag(), offer.setup), ("FDmd", Setup::ActPass));
    assert_eq!(offer.max_message_size, 262_144);
}

#[test]
fn attributes_before_the_sections_count_and_those_of_other_sections_do_not() {
    let offer = Description::read(FIREFOX_LIKE_OFFER).expect("it is valid");
    assert_eq!(offer.credentials.ufrag(), "8f0e1d2c");
    assert_eq!(offer.fingerprint, core::array::from_fn(|index| index as u8));
    assert_eq!((offer.mid, offer.setup), ("1", Setup::ActPass));
    let candidates: Vec<_> = offer.candidates().map(candidate).collect();
    assert_eq!(candidates.len(), 3);
    assert!(matches!(candidates[0], Err(Skipped::Name(name)) if name.ends_with(".local")));
    assert!(matches!(candidates[1], Ok(Candidate { kind: Kind::ServerReflexive, .. })));
    assert!(matches!(candidates[2], Ok(Candidate { transport: Transport::Tcp, .. })));
}

#[test]
fn a_section_has_precedence_over_what_is_before_all_sections() {
    let text = format!("a=ice-ufrag:session\r\na=ice-lite\r\n{LIVEKIT_ANSWER}");
    let answer = Description::read(&text).expect("it is valid");
    assert_eq!(answer.credentials.ufrag(), "cnzonWGSfZLfwdXD");
    assert!(answer.is_lite);
}

#[test]
fn what_is_only_before_all_sections_counts() {
    let (session, section) = LIVEKIT_ANSWER.split_at(LIVEKIT_ANSWER.find("m=").expect("a section"));
    let names = ["setup", "ice-ufrag", "ice-pwd", "sctp-port", "max-message-size"];
    let is_moved = |line: &&str| names.iter().any(|name| line.starts_with(&format!("a={name}:")));
    let (moved, kept): (Vec<_>, Vec<_>) = section.split_inclusive("\r\n").partition(is_moved);
    assert_eq!(moved.len(), 5);
    let text = [session, &moved.concat(), &kept.concat()].concat();
    let answer = Description::read(&text).expect("it is valid");
    assert_eq!((answer.credentials.ufrag(), answer.setup), ("cnzonWGSfZLfwdXD", Setup::Active));
    assert_eq!(answer.max_message_size, 65_535);
    let text = text.replace("a=fingerprint", "a=x-fingerprint");
    let text = text.replace("a=mid:0", "a=fingerprint:sha-512 00\r\na=mid:0");
    assert_eq!(
        Description::read(&text).expect_err("not sha-256"),
        ReadError::UnknownHash("sha-512")
    );
}

#[test]
fn what_a_description_may_leave_out_has_the_values_of_the_rfc() {
    let text = LIVEKIT_ANSWER
        .replace("a=max-message-size:65535\r\n", "")
        .replace("a=sctp-port:5000\r\n", "")
        .replace("a=mid:0\r\n", "")
        .replace("\r\n", "\n");
    let answer = Description::read(&text).expect("it is valid");
    assert_eq!((answer.max_message_size, answer.sctp_port, answer.mid), (65_536, 5000, ""));
    for size in ["0", "4294967295", "99999999999999999999"] {
        let text = LIVEKIT_ANSWER.replace("size:65535", &format!("size:{size}"));
        assert_eq!(Description::read(&text).expect("it is valid").max_message_size, u32::MAX);
    }
}

#[test]
fn an_error_names_what_is_wrong() {
    let cases = [
        ("m=application 9", "m=application 0", "the other peer rejects data channels"),
        ("m=application 9", "m=audio 9", "the description has no section for data channels"),
        ("webrtc-datachannel", "5000", "the description has no section for data channels"),
        (
            "fingerprint:sha-256",
            "fingerprint:sha-512",
            "the fingerprint is one of \"sha-512\"; only sha-256 is allowed",
        ),
        (
            "setup:active",
            "setup:holdconn",
            "the attribute setup of the description is \"holdconn\"",
        ),
        ("a=setup", "a=x-setup", "the description has no attribute setup"),
        ("a=fingerprint", "a=x-fingerprint", "the description has no attribute fingerprint"),
        (
            "a=ice-pwd:xWvySSuNzYKGERDcdARqyeVoAOTBYoPS",
            "a=ice-pwd:short",
            "the password has 5 bytes; 22 to 64 are allowed",
        ),
        ("a=ice-ufrag:cnz", "a=ice-ufrag:c:z", "byte 0x3a is not allowed in credentials of ICE"),
        (
            "sctp-port:5000",
            "sctp-port:70000",
            "the attribute sctp-port of the description is \"70000\"",
        ),
        ("size:65535", "size:big", "the attribute max-message-size of the description is \"big\""),
    ];
    for (from, to, expected) in cases {
        assert!(LIVEKIT_ANSWER.contains(from), "{from}");
        let text = LIVEKIT_ANSWER.replace(from, to);
        assert_eq!(Description::read(&text).expect_err(to).to_string(), expected);
    }
    let long = LIVEKIT_ANSWER.replace("ufrag:", &format!("ufrag:{}", "x".repeat(20)));
    let error = Description::read(&long).expect_err("36 bytes");
    assert_eq!(error, ReadError::Credentials(CredentialsError::UfragLength(36)));
}

#[test]
fn a_fingerprint_of_another_length_is_refused() {
    for (from, to) in
        [("97:D7:", "97:"), ("97:D7:", "97:D7:00:"), ("97:D7", "9:7D7"), ("97:D7", "97:G7")]
    {
        let text = LIVEKIT_ANSWER.replace(from, to);
        let error = Description::read(&text).expect_err(to);
        assert!(matches!(error, ReadError::Invalid { attribute: "fingerprint", .. }), "{error:?}");
    }
}

#[test]
fn a_section_with_port_0_in_a_bundle_is_an_offer_and_not_a_rejection() {
    let text = LIVEKIT_ANSWER.replace("m=application 9", "m=application 0");
    let text = text.replace("a=mid:0", "a=bundle-only\r\na=mid:0");
    assert!(Description::read(&text).is_ok());
}

#[test]
fn candidate_lines_of_products_are_read() {
    let tcp = candidate(LIVEKIT_TCP).expect("valid");
    assert_eq!(
        (tcp.transport, tcp.kind, tcp.priority),
        (Transport::Tcp, Kind::Host, 1_671_430_143)
    );
    assert_eq!(tcp.address.to_string(), "127.0.0.1:7891");
    let host = candidate_v4(LIBWEBRTC_HOST).expect("valid");
    assert_eq!(
        (host.transport, host.address.to_string()),
        (Transport::Udp, "192.0.2.2:49227".into())
    );
    let reflexive = candidate(PION_SRFLX).expect("valid");
    assert_eq!(
        (reflexive.kind, reflexive.address.to_string()),
        (Kind::ServerReflexive, "[2001:db8::7]:40000".into())
    );
    assert_eq!(candidate_v4(PION_SRFLX), Err(Skipped::Name("2001:db8::7")));
}

#[test]
fn candidates_that_are_of_no_use_are_skipped_with_a_reason() {
    let cases = [
        ("", "not the line of a candidate"),
        ("a=end-of-candidates", "not the line of a candidate"),
        ("candidate:1 2 udp 1 192.0.2.1 1 typ host", "a candidate of component 2, not 1"),
        (
            "candidate:1 1 ssltcp 1 192.0.2.1 1 typ host",
            "a candidate for \"ssltcp\", not for UDP or TCP",
        ),
        (
            "candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype active",
            "a candidate for TCP that waits for no connection",
        ),
        (
            "candidate:1 1 udp 1 a.local 1 typ host",
            "a candidate with \"a.local\", which is not an address",
        ),
        ("candidate:1 1 udp 1 192.0.2.1 0 typ host", "not the line of a candidate"),
        ("candidate:1 1 udp 1 192.0.2.1 65536 typ host", "not the line of a candidate"),
        ("candidate:1 1 udp 1 192.0.2.1 1 host typ", "not the line of a candidate"),
        ("candidate:1 1 udp 1 192.0.2.1 1", "not the line of a candidate"),
    ];
    for (line, expected) in cases {
        assert_eq!(candidate(line).expect_err(line).to_string(), expected);
    }
}

#[test]
fn addresses_are_those_of_the_standard_library() {
    let texts = [
        "0.0.0.0",
        "255.255.255.255",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "1..3.4",
        "",
        ".",
        "1.2.3.4.",
        "010.0.0.1",
        "10.0.0.00",
        "::",
        "::1",
        "1::",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        ":1",
        "1:",
        ":::",
        "1:::2",
        "12345::",
        "g::",
        ":1::2",
        "1::2:",
        ":1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8:",
        "fe80::a:B:C",
    ];
    for text in texts {
        let read = candidate(&format!("candidate:1 1 udp 1 {text} 1 typ host")).ok();
        let expected = text.parse::<std::net::IpAddr>().ok();
        assert_eq!(read.map(|it| it.address.ip()), expected, "{text:?}");
    }
}

proptest! {
    #[test]
    fn addresses_are_read_as_the_standard_library_writes_them(ip: std::net::IpAddr, port in 1u16..) {
        let line = format!("candidate:1 1 UDP 7 {ip} {port} typ relay raddr 0.0.0.0 rport 0");
        let mapped = matches!(ip, std::net::IpAddr::V6(ip) if ip.to_string().contains('.'));
        let read = candidate(&line).ok().map(|it| it.address);
        prop_assert_eq!(read, (!mapped).then(|| std::net::SocketAddr::new(ip, port)));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,300}", at in 0usize..700, len in 0usize..40) {
        let _ = Description::read(&text);
        let _ = candidate(&format!("candidate:{text}"));
        for valid in [LIVEKIT_ANSWER, LIBWEBRTC_OFFER, FIREFOX_LIKE_OFFER] {
            let head: String = valid.chars().take(at).collect();
            let tail: String = valid.chars().skip(at + len).collect();
            let _ = Description::read(&head);
            if let Ok(read) = Description::read(&format!("{head}{text}{tail}")) {
                prop_assert!(read.candidates().all(|line| candidate(line) != Err(Skipped::Component(1))));
            }
        }
    }
}
