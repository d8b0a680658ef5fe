//! `openssl s_server` on the other end.

use livekit_micro_peer::dtls::{Alert, Error, MessageType, State};

use crate::device::Device;
use crate::path::Conditions;
use crate::server::Server;
use crate::session::Session;

const MUTUAL: &[&str] = &["-Verify", "1", "-use_srtp", "SRTP_AES128_CM_SHA1_80"];

/// The connection, and data both ways.
fn connect_and_talk(more: &[&str], mtu: usize, conditions: Conditions, seed: u64) -> [usize; 2] {
    let mut server = Server::start(more);
    let device = Device::new();
    let mut message = [0; 1024];
    let path = (conditions, seed);
    let mut session = Session::start(&mut message, &device, server.fingerprint, server.port, path);
    session.client.set_mtu(mtu);
    assert_eq!(session.connect(), State::Connected, "{conditions:?} {seed}");
    let took = session.now();
    session.send(b"from the device\n");
    server.wait_for("from the device");
    server.say("from the server");
    if conditions.loss_percent == 0 {
        session.run(|session| session.received.concat().ends_with(b"server\n"));
        assert_eq!(session.received.concat(), b"from the server\n");
    }
    println!("{conditions:?}, seed {seed}: {took} ms, datagrams up to {:?}", session.largest);
    session.largest
}

#[test]
fn connects_to_a_server_that_requires_a_certificate_and_talks_both_ways() {
    connect_and_talk(MUTUAL, 1200, Conditions::default(), 0);
}

#[test]
fn connects_to_a_server_that_requests_no_certificate_or_knows_no_srtp() {
    connect_and_talk(&[], 1200, Conditions::default(), 0);
}

#[test]
fn connects_to_a_server_that_sends_a_cookie_first() {
    connect_and_talk(&[MUTUAL, &["-listen"]].concat(), 1200, Conditions::default(), 0);
}

#[test]
fn connects_in_datagrams_of_200_bytes() {
    // OpenSSL makes none below 228: 256 with IP and UDP.
    let small = [MUTUAL, &["-mtu", "256"]].concat();
    let [up, down] = connect_and_talk(&small, 200, Conditions::default(), 0);
    assert!((150..=200).contains(&up), "{up}");
    assert!((200..=228).contains(&down), "{down}");
}

/// Seeds 0 to 19 over a bad path, ten at a time: most of the time is waited for timers.
fn connects_under(more: &[&str], mtu: usize, conditions: Conditions) {
    for seeds in (0..20).collect::<Vec<_>>().chunks(10) {
        std::thread::scope(|scope| {
            for seed in seeds {
                scope.spawn(|| connect_and_talk(more, mtu, conditions, *seed));
            }
        });
    }
}

#[test]
fn connects_where_datagrams_are_lost_repeated_and_reordered() {
    let conditions = Conditions { loss_percent: 20, repeat_percent: 10, jitter_ms: 30 };
    connects_under(MUTUAL, 1200, conditions);
}

#[test]
fn connects_where_small_datagrams_are_lost_repeated_and_reordered() {
    let conditions = Conditions { loss_percent: 10, repeat_percent: 10, jitter_ms: 30 };
    connects_under(&[MUTUAL, &["-mtu", "256"]].concat(), 200, conditions);
}

/// A server, and what a session with it comes to.
fn with_session(
    more: &[&str],
    fingerprint: Option<[u8; 32]>,
    device: &Device,
    conditions: Conditions,
    test: impl FnOnce(&mut Session, &mut Server),
) {
    let mut server = Server::start(more);
    let mut message = [0; 1024];
    let fingerprint = fingerprint.unwrap_or(server.fingerprint);
    let path = (conditions, 0);
    let mut session = Session::start(&mut message, device, fingerprint, server.port, path);
    test(&mut session, &mut server);
}

fn connected(conditions: Conditions, test: impl FnOnce(&mut Session, &mut Server)) {
    with_session(MUTUAL, None, &Device::new(), conditions, |session, server| {
        assert_eq!(session.connect(), State::Connected);
        // Until it has received something, it reads no input.
        session.send(b"hello\n");
        server.wait_for("hello");
        test(session, server);
    });
}

#[test]
fn a_server_with_another_certificate_is_refused_and_told() {
    let wrong = Some([0xab; 32]);
    with_session(MUTUAL, wrong, &Device::new(), Conditions::default(), |session, server| {
        assert_eq!(session.connect(), State::Closed(Error::Fingerprint));
        session.run(|session| session.client.poll_in(session.now()).is_none());
        session.deliver();
        server.wait_for("alert bad certificate");
    });
}

#[test]
fn a_server_that_refuses_us_is_named_by_its_alert() {
    // The certificate is not that of the key.
    let (device, other) = (Device::new(), Device::new());
    let device = Device { certificate: other.certificate, key: device.key };
    with_session(MUTUAL, None, &device, Conditions::default(), |session, server| {
        session.run(|session| session.largest[0] > 500);
        server.wait_for("ERROR");
        for _ in 0..50 {
            session.deliver();
        }
        assert_eq!(session.client.state(), State::Connecting);
        session.skip(30_000);
        let alert = Some(Alert { level: 2, description: 51 });
        let waiting_for = MessageType(20);
        let error = Error::TimedOut { waiting_for, alert };
        assert_eq!(session.connect(), State::Closed(error));
        assert_eq!(
            error.to_string(),
            "the handshake timed out waiting for Finished; an alert came: decrypt_error (51, fatal)"
        );
    });
}

#[test]
fn forged_datagrams_do_not_end_a_handshake() {
    let forged: [&[u8]; 5] = [
        // A fatal alert.
        &[21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40],
        // The start of a ServerHello of 80 bytes.
        &[
            22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 16, //
            2, 0, 0, 80, 0, 0, 0, 0, 0, 0, 0, 4, 0xfe, 0xfd, 7, 7,
        ],
        // A ServerHello of 3 bytes.
        &[
            22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 15, //
            2, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 3, 0xfe, 0xfd, 7,
        ],
        // One of 16 MB.
        &[
            22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 15, //
            2, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 3, 0xfe, 0xfd, 7,
        ],
        // A ServerHelloDone in its place.
        &[22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 12, 14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ];
    with_session(MUTUAL, None, &Device::new(), Conditions::default(), |session, _| {
        forged.iter().for_each(|datagram| session.forge(datagram));
        assert_eq!(session.connect(), State::Connected);
    });
}

#[test]
fn a_forged_cookie_delays_a_handshake_but_does_not_end_it() {
    let forged = [
        22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 9, 0, 18, //
        3, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 6, 0xfe, 0xff, 3, 1, 2, 3,
    ];
    let listen = [MUTUAL, &["-listen"]].concat();
    with_session(&listen, None, &Device::new(), Conditions::default(), |session, _| {
        session.forge(&forged);
        assert_eq!(session.connect(), State::Connected);
    });
}

#[test]
fn the_server_learns_that_the_session_was_closed() {
    connected(Conditions::default(), |session, server| {
        session.client.close();
        assert_eq!(session.client.state(), State::Closed(Error::Closed));
        session.run(|session| session.client.poll_in(session.now()).is_none());
        session.deliver();
        server.wait_for("DONE");
    });
}

#[test]
fn a_session_ends_before_its_record_numbers_do_and_the_server_learns_it() {
    connected(Conditions::default(), |session, server| {
        session.client.set_record_limit(3);
        session.send(b"one\n");
        session.send(b"two\n");
        server.wait_for("two");
        let out = &mut [0; 64];
        assert_eq!(session.client.seal(&mut session.crypto, out, 5), None);
        assert_eq!(session.client.state(), State::Closed(Error::SequenceExhausted));
        session.run(|session| session.client.poll_in(session.now()).is_none());
        session.deliver();
        server.wait_for("DONE");
    });
}

#[test]
fn a_repeated_datagram_is_received_once() {
    let twice = Conditions { repeat_percent: 100, ..Conditions::default() };
    connected(twice, |session, server| {
        for line in ["one", "two", "three"] {
            server.say(line);
            session
                .run(|session| session.received.concat().ends_with(format!("{line}\n").as_bytes()));
        }
        session.deliver();
        assert_eq!(session.received.concat(), b"one\ntwo\nthree\n");
    });
}

#[test]
fn a_renegotiation_is_refused_with_a_warning() {
    connected(Conditions::default(), |session, server| {
        server.say("r");
        session.largest = [0; 2];
        session.run(|session| session.largest[0] > 0);
        session.deliver();
        assert_eq!(session.largest[0], 13 + 8 + 2 + 16, "an alert, and no handshake");
        // OpenSSL does not go on without.
        server.wait_for("no renegotiation");
    });
}
