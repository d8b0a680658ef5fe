//! Any text for a description and for candidate lines: what is read is written, and read again alike; what
//! sdp-types and std read too, they read alike.
#![no_main]

use std::net::{IpAddr, Ipv4Addr};

use libfuzzer_sys::fuzz_target;
use livekit_micro_peer::ice::Transport;
use livekit_micro_peer::sdp::{Description, Local, candidate, candidate_v4, write_candidate};
use sdp_types::{Attribute, Session};

fuzz_target!(|text: &str| {
    text.lines().for_each(check_candidate);
    if let Ok(description) = Description::read(text) {
        check_written(&description);
        // sdp-types 0.1.8 panics on other lines, and keeps the CR of a last line that has no LF.
        let is_field = |line: &str| line.is_empty() || line.find('=') == Some(1);
        // A port of 0 could be written otherwise; nobody does. Of two spaces sdp-types takes one for a word.
        let zero = "m=application 0";
        let is_plain = |line: &str| {
            line.strip_prefix(zero).is_none_or(|rest| rest.starts_with(' '))
                && !(line.starts_with("m=") && line.contains("  "))
                && is_field(line)
        };
        if text.lines().all(is_plain)
            && !text.ends_with('\r')
            && let Ok(session) = Session::parse(text.as_bytes())
        {
            check_other(&description, &session);
        }
    }
});

fn check_candidate(line: &str) {
    let Ok(read) = candidate(line) else {
        assert!(candidate_v4(line).is_err(), "{line:?}");
        return;
    };
    // The fifth word, after a prefix that ends in a colon.
    let address = line.split_once("candidate:").expect("a candidate").1;
    let address = address.split(' ').filter(|word| !word.is_empty()).nth(4).expect("an address");
    assert_eq!(Ok(read.address.ip()), address.parse::<IpAddr>());
    assert_eq!(candidate_v4(line).is_ok(), address.parse::<Ipv4Addr>().is_ok());

    let mut buf = [0; 100];
    let written = write_candidate(&read, &mut buf).expect("it fits");
    match read.transport {
        Transport::Udp => assert_eq!(candidate(written), Ok(read)),
        // This peer's own are active: nobody can connect to them.
        Transport::Tcp => assert!(candidate(written).is_err()),
    }
}

fn check_written(read: &Description) {
    let lines: Vec<_> = read.candidates().map(|line| &line[2..]).collect();
    let fingerprint = &read.fingerprint;
    let local = Local::new(u64::MAX, &read.credentials, fingerprint, read.max_message_size);
    let Description { setup, mid, sctp_port, .. } = *read;
    let local = Local { setup, mid, sctp_port, candidates: &lines, ..local };
    let needed = local.write(&mut []).expect_err("it does not fit").needed;
    let mut buf = vec![0; needed];
    let written = local.write(&mut buf).expect("it fits");
    let again = Description::read(written).expect("it was written");
    assert_eq!(again.credentials, read.credentials);
    assert_eq!(&again.fingerprint, fingerprint);
    assert_eq!((again.setup, again.mid, again.sctp_port), (setup, mid, sctp_port));
    assert_eq!(again.max_message_size, read.max_message_size);
    assert!(again.candidates().map(|line| &line[2..]).eq(lines));
}

fn check_other(ours: &Description, theirs: &Session) {
    let flag = |attributes: &[Attribute], name| attributes.iter().any(|it| it.attribute == name);
    let section = theirs.medias.iter().find(|media| {
        media.media == "application"
            && ["UDP/DTLS/SCTP", "TCP/DTLS/SCTP"].contains(&media.proto.as_str())
            && media.fmt.split(' ').find(|word| !word.is_empty()) == Some("webrtc-datachannel")
            && (media.port > 0 || flag(&media.attributes, "bundle-only"))
    });
    let section = section.expect("the section that was read");
    let attribute = |name: &str| {
        let mut both = section.attributes.iter().chain(&theirs.attributes);
        both.find(|it| it.attribute == name && it.value.is_some())?.value.as_deref()
    };
    assert_eq!(attribute("ice-ufrag"), Some(ours.credentials.ufrag()));
    assert_eq!(attribute("ice-pwd"), Some(ours.credentials.pwd()));
    assert_eq!(attribute("mid").unwrap_or(""), ours.mid);
    assert_eq!(flag(&theirs.attributes, "ice-lite"), ours.is_lite);
}
