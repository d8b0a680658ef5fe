//! Descriptions that this crate writes.

use std::net::{IpAddr, SocketAddr};

use livekit_micro_peer::RustCrypto;
use livekit_micro_peer::ice::{Candidate, Credentials, Transport};
use livekit_micro_peer::sdp::{
    BufferTooSmall, Description, Local, Setup, candidate, write_candidate,
};
use proptest::prelude::*;

fn credentials() -> Credentials {
    Credentials::generate(&mut RustCrypto::new(|bytes: &mut [u8]| fastrand::fill(bytes)))
}

#[test]
fn an_offer_has_the_lines_that_a_server_needs() {
    let credentials = Credentials::new("ufrg", "passwordpasswordpassword").expect("valid");
    let fingerprint = core::array::from_fn(|index| index as u8);
    let mut buf = [0; 500];
    let offer = Local::new(u64::MAX, &credentials, &fingerprint, 4096).write(&mut buf);
    assert_eq!(
        offer.expect("500 bytes are enough"),
        "v=0\r\no=- 9223372036854775807 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n\
         m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n\
         a=ice-ufrag:ufrg\r\na=ice-pwd:passwordpasswordpassword\r\na=ice-options:trickle\r\n\
         a=fingerprint:sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:\
         10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\r\n\
         a=setup:active\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:4096\r\n"
    );
}

#[test]
fn a_buffer_that_is_too_small_is_an_error_that_says_how_much_is_needed() {
    let credentials = credentials();
    let local = Local::new(1, &credentials, &[0; 32], 65_536);
    let needed = local.write(&mut [0; 1000]).expect("large enough").len();
    for available in 0..needed {
        let error = local.write(&mut vec![0; available]).expect_err("too small");
        assert_eq!(error, BufferTooSmall { needed, available });
    }
    assert_eq!(local.write(&mut vec![0; needed]).map(str::len), Ok(needed));
}

proptest! {
    #[test]
    fn a_description_is_read_as_it_was_written(
        session_id: u64, version: u32, fingerprint: [u8; 32], setup in 0usize..3, mid in "[a-z0-9]{1,16}",
        sctp_port in 1u16.., max_message_size: u32, addresses in prop::collection::vec((any::<IpAddr>(), 1u16..), 0..4),
        is_tcp: bool,
    ) {
        let credentials = credentials();
        let candidates: Vec<_> = addresses
            .into_iter()
            .map(|(ip, port)| Candidate {
                transport: if is_tcp { Transport::Tcp } else { Transport::Udp },
                ..Candidate::host(SocketAddr::new(ip, port))
            })
            .collect();
        let lines: Vec<_> = candidates
            .iter()
            .map(|it| write_candidate(it, &mut [0; 100]).expect("100 bytes are enough").to_owned())
            .collect();
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let local = Local {
            session_id, version, credentials: &credentials, fingerprint: &fingerprint,
            setup: [Setup::Active, Setup::Passive, Setup::ActPass][setup],
            mid: &mid, sctp_port, max_message_size, candidates: &lines,
        };
        let mut buf = [0; 1000];
        let text = local.write(&mut buf).expect("large enough");
        prop_assert!(text.contains(&format!("o=- {} {version} IN", session_id & i64::MAX as u64)), "{}", text);
        let read = Description::read(text).expect("it is valid");
        prop_assert_eq!(&read.credentials, &credentials);
        prop_assert_eq!((read.fingerprint, read.setup, read.mid), (fingerprint, local.setup, &*mid));
        let no_limit = if max_message_size == 0 { u32::MAX } else { max_message_size };
        prop_assert_eq!((read.sctp_port, read.max_message_size), (sctp_port, no_limit));
        let read: Vec<_> = read.candidates().filter_map(|line| candidate(line).ok()).collect();
        // This peer opens connections of TCP, and so does one of its kind: there is nothing to connect to.
        prop_assert_eq!(read, if is_tcp { vec![] } else { candidates });
    }
}
