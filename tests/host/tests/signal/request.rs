//! The request that joins: tungstenite accepts it, prost reads what it says.

use base64ct::{Base64Url, Encoding as _};
use livekit_micro::EncodeError;
use livekit_micro::borrowed::signal_request::Message;
use livekit_micro::borrowed::{ReconnectReason, SignalRequest, UpdateParticipantMetadata};
use livekit_micro::signal::{Connect, JoinOptions, ServerUrl, SignalClient};
use livekit_protocol as theirs;
use prost::Message as _;
use testkit::signal::{Told, join, receive};

use crate::client::{OFFER, TOKEN, client, url};
use crate::server::Server;

const RESUME: Connect<'_> =
    Connect::Resume { sid: "PA_own", reason: ReconnectReason::RrSignalDisconnected };

fn request(
    client: &mut SignalClient<'_>,
    connect: Connect<'_>,
    options: &JoinOptions<'_>,
    buf: usize,
) -> Result<Vec<u8>, EncodeError> {
    let mut buf = vec![0xee; buf];
    client.connect(&url(), connect, options, &[9; 16], 0, &mut buf).map(<[u8]>::to_vec)
}

/// What a server reads of the target.
fn decoded(target: &str) -> theirs::JoinRequest {
    let text = target.strip_prefix("/rtc/v1?join_request=").expect("the path of version 1");
    let bytes = Base64Url::decode_vec(text).expect("base64url with its padding");
    let wrapped = theirs::WrappedJoinRequest::decode(&bytes[..]).expect("it is protobuf");
    assert_eq!(wrapped.compression(), theirs::wrapped_join_request::Compression::None);
    theirs::JoinRequest::decode(&wrapped.join_request[..]).expect("it is protobuf")
}

#[test]
fn a_server_reads_the_offer_and_what_the_device_says_of_itself() {
    let mut residues = [0; 3];
    for len in (0..9).chain([120, 121, 122, 123, 16_400, 16_401]) {
        let version = "1".repeat(len);
        let options = JoinOptions {
            client_protocol: 2,
            reads_deflate: true,
            auto_subscribe_data_track: len % 2 == 0,
            device_model: "board",
            version: &version,
            metadata: "{\"a\":1}",
            attributes: &[("room", "kitchen"), ("empty", ""), ("ü", "\u{1f600}")],
            ..JoinOptions::default()
        };
        let bytes = request(&mut client(64), OFFER, &options, 30_000).expect("it fits");
        let (_, target, token) = Server::accept(&bytes);
        assert_eq!(token, TOKEN);
        residues[target.matches('=').count() - 1] += 1;
        let attributes = options.attributes.iter().map(|(k, v)| (k.to_string(), v.to_string()));
        let expected = theirs::JoinRequest {
            client_info: Some(theirs::ClientInfo {
                version: version.clone(),
                protocol: 16,
                client_protocol: 2,
                device_model: "board".into(),
                capabilities: vec![
                    theirs::client_info::Capability::CapCompressionDeflateRaw.into(),
                ],
                ..Default::default()
            }),
            connection_settings: (len % 2 == 0).then(|| theirs::ConnectionSettings {
                auto_subscribe_data_track: Some(true),
                ..Default::default()
            }),
            metadata: "{\"a\":1}".into(),
            participant_attributes: attributes.collect(),
            publisher_offer: Some(theirs::SessionDescription {
                r#type: "offer".into(),
                sdp: "v=0\r\n".into(),
                id: 7,
                ..Default::default()
            }),
            ..Default::default()
        };
        assert_eq!(decoded(&target), expected);
    }
    assert!(residues.iter().all(|count| *count > 2), "{residues:?}");
}

#[test]
fn a_resume_names_the_participant_and_the_reason() {
    let bytes = request(&mut client(64), RESUME, &JoinOptions::default(), 1_000).expect("it fits");
    let (_, target, _) = Server::accept(&bytes);
    let read = decoded(&target);
    assert_eq!((read.participant_sid.as_str(), read.reconnect), ("PA_own", true));
    assert_eq!(read.reconnect_reason(), theirs::ReconnectReason::RrSignalDisconnected);
    assert_eq!(read.publisher_offer, None);
    let info = theirs::ClientInfo { protocol: 16, ..Default::default() };
    assert_eq!(read.client_info, Some(info));
}

#[test]
fn an_older_server_is_told_in_the_query() {
    let options = JoinOptions { is_old_server: true, client_protocol: 1, ..JoinOptions::default() };
    for (connect, target) in [
        (OFFER, "/rtc?auto_subscribe=0&protocol=2&client_protocol=1"),
        (
            RESUME,
            "/rtc?auto_subscribe=0&protocol=2&client_protocol=1\
             &reconnect=1&reconnect_reason=1&sid=PA_own",
        ),
    ] {
        let bytes = request(&mut client(64), connect, &options, 1_000).expect("it fits");
        let (_, actual, token) = Server::accept(&bytes);
        assert_eq!((actual.as_str(), token.as_str()), (target, TOKEN));
    }
}

#[test]
fn the_path_of_the_url_comes_first() {
    let url = ServerUrl::parse("wss://10.0.0.5:7880/livekit/").expect("it is one");
    for (is_old_server, path) in [(false, "/livekit/rtc/v1?join_request="), (true, "/livekit/rtc?")]
    {
        let options = JoinOptions { is_old_server, ..JoinOptions::default() };
        let (mut client, mut buf) = (client(64), [0; 1_000]);
        let bytes = client.connect(&url, OFFER, &options, &[1; 16], 0, &mut buf);
        let (_, target, _) = Server::accept(bytes.expect("it fits"));
        assert!(target.starts_with(path), "{target}");
    }
}

#[test]
fn a_buffer_that_is_too_small_says_what_is_needed() {
    for (connect, is_old_server) in [(OFFER, false), (OFFER, true), (RESUME, false), (RESUME, true)]
    {
        for version in ["", "1", "12"] {
            let options = JoinOptions { is_old_server, version, ..JoinOptions::default() };
            let mut client = client(64);
            let whole = request(&mut client, connect, &options, 5_000).expect("it fits");
            let needed = whole.len();
            client.closed();
            for available in 0..needed {
                assert_eq!(
                    request(&mut client, connect, &options, available),
                    Err(EncodeError::BufferTooSmall { needed, available })
                );
                assert_eq!(client.poll_in(0), None, "no connection has begun");
            }
            assert_eq!(request(&mut client, connect, &options, needed).as_ref(), Ok(&whole));
        }
    }
}

#[test]
fn tungstenite_and_a_client_understand_each_other() {
    let mut client = client(256);
    let bytes = request(&mut client, OFFER, &JoinOptions::default(), 1_000).expect("it fits");
    let (mut server, ..) = Server::accept(&bytes);
    server.send(tungstenite::Message::binary(join()[2..].to_vec()));
    assert_eq!(receive(&mut client, &server.sent(), 0), (vec![Told::Joined], None));

    let requests = [0, 1, 40, 120, 200, 1_000].map(|len| "m".repeat(len));
    for metadata in &requests {
        let update = UpdateParticipantMetadata {
            metadata,
            request_id: 3,
            ..UpdateParticipantMetadata::new()
        };
        let request = SignalRequest { message: Some(Message::UpdateMetadata((&update).into())) };
        let mut large = [0; 2_000];
        // The head is counted as the longest.
        let needed = livekit_micro::encoded_len(&request) + 8;
        for available in 0..needed {
            assert_eq!(
                client.request(&request, [0; 4], &mut large[..available]),
                Err(EncodeError::BufferTooSmall { needed, available })
            );
        }
        let mask = fastrand::u32(..).to_le_bytes();
        let frame = client.request(&request, mask, &mut large[..needed]);
        let read = server.read(frame.expect("it fits"));
        assert!(read.is_binary());
        let read = theirs::SignalRequest::decode(&read.into_data()[..]).expect("it is protobuf");
        let Some(theirs::signal_request::Message::UpdateMetadata(update)) = read.message else {
            panic!("{read:?}")
        };
        assert_eq!((&update.metadata, update.request_id), (metadata, 3));
    }

    server.send(tungstenite::Message::Ping(b"are you there".to_vec().into()));
    assert_eq!(receive(&mut client, &server.sent(), 0), (vec![], None));
    let mut out = [0; 140];
    let pong = client.poll(0, [1, 2, 3, 4], &mut out).expect("it stands").expect("a pong");
    assert_eq!(server.read(pong), tungstenite::Message::Pong(b"are you there".to_vec().into()));

    let leave = client.leave([5, 6, 7, 8], &mut out).expect("it is open");
    let read = theirs::SignalRequest::decode(&server.read(leave).into_data()[..]);
    let Ok(Some(theirs::signal_request::Message::Leave(leave))) = read.map(|it| it.message) else {
        panic!("no leave")
    };
    assert_eq!(leave.reason(), theirs::DisconnectReason::ClientInitiated);
}

#[test]
fn a_token_is_one_or_is_not_kept() {
    let mut client = client(64);
    let long = "t".repeat(crate::client::TOKEN_BYTES);
    for token in ["", "a b", "a\r\nX: y", "tökén", "a\0", &format!("{long}t")] {
        assert!(!client.set_token(token), "{token:?}");
        assert_eq!(client.token(), TOKEN);
    }
    assert!(client.set_token(&long));
    assert_eq!(client.token(), long);
}
