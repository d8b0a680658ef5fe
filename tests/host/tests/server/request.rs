//! Requests: an HTTP parser and prost read what was written, and what cannot arrive is refused.

use std::collections::BTreeSet;

use livekit_micro::borrowed::{PerformRpcRequest, RoomParticipantIdentity, SendDataRequest};
use livekit_micro::server::{
    Call, Endpoint, GetParticipant, MAX_FORWARDED_BYTES, MAX_RPC_PAYLOAD_BYTES, Nonce, NonceError,
    PerformRpc, ROOM_SERVICE, RemoveParticipant, RequestError, SendData,
};
use prost_reflect::DescriptorPool;
use prost_reflect::prost::Message as _;

const SERVER: Endpoint<'static> =
    Endpoint { host: "livekit.example:7880", token: "eyJh.eyJ2.c2ln", close: false };

fn reading<'a>(data: &'a [u8], to: &'a [&'a str]) -> SendDataRequest<'a> {
    SendDataRequest {
        room: "lab",
        data,
        topic: Some("readings"),
        destination_identities: to.into(),
        nonce: &[7; 16],
        ..Default::default()
    }
}

/// Head and body as httparse and prost read them.
fn read(bytes: &[u8]) -> (String, Vec<(String, String)>, livekit_protocol::SendDataRequest) {
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut head = httparse::Request::new(&mut headers);
    let len = head.parse(bytes).expect("it is HTTP").unwrap();
    let headers: Vec<_> = head
        .headers
        .iter()
        .map(|it| (it.name.to_owned(), String::from_utf8(it.value.to_vec()).unwrap()))
        .collect();
    assert_eq!((head.method, head.version), (Some("POST"), Some(1)));
    let body = livekit_protocol::SendDataRequest::decode(&bytes[len..]).expect("it is protobuf");
    let length = headers.iter().find(|(name, _)| name == "Content-Length").unwrap();
    assert_eq!(length.1, (bytes.len() - len).to_string());
    (head.path.unwrap().to_owned(), headers, body)
}

#[test]
fn a_request_is_http_around_a_message() {
    for size in [0, 1, 9, 99, 4_000, 20_000] {
        let data = vec![0xab; size];
        let mut buf = vec![0; size + 400];
        let bytes = SERVER.request::<SendData>(&reading(&data, &["operator"]), &mut buf).unwrap();
        let (path, headers, body) = read(bytes);
        assert_eq!(path, "/twirp/livekit.RoomService/SendData");
        let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Host", "Authorization", "Content-Type", "Content-Length"]);
        assert_eq!(headers[0].1, "livekit.example:7880");
        assert_eq!(headers[1].1, "Bearer eyJh.eyJ2.c2ln");
        assert_eq!(headers[2].1, "application/protobuf");
        assert_eq!((body.data, body.destination_identities), (data, vec!["operator".to_owned()]));
        assert_eq!((body.room.as_str(), body.topic.as_deref()), ("lab", Some("readings")));
        assert_eq!(body.nonce, [7; 16]);
    }
}

#[test]
fn a_connection_is_closed_where_that_is_asked_for() {
    let mut buf = [0; 400];
    let server = Endpoint { close: true, ..SERVER };
    let bytes = server.request::<SendData>(&reading(b"x", &[]), &mut buf).unwrap();
    let (_, headers, _) = read(bytes);
    assert!(headers.contains(&("Connection".to_owned(), "close".to_owned())));
}

#[test]
fn a_buffer_that_is_too_small_says_by_how_much() {
    let call = reading(b"21.5", &[]);
    let mut large = [0; 400];
    let needed = SERVER.request::<SendData>(&call, &mut large).unwrap().len();
    for available in 0..needed {
        assert_eq!(
            SERVER.request::<SendData>(&call, &mut large[..available]),
            Err(RequestError::BufferTooSmall { needed, available })
        );
    }
    assert!(SERVER.request::<SendData>(&call, &mut large[..needed]).is_ok());
}

#[test]
fn a_nonce_that_protects_nothing_is_refused() {
    let mut buf = [0; 400];
    for (nonce, error) in [
        (&[][..], NonceError::Length(0)),
        (&[1; 15], NonceError::Length(15)),
        (&[1; 17], NonceError::Length(17)),
        (&[0; 16], NonceError::Zero),
    ] {
        let call = SendDataRequest { nonce, ..reading(b"x", &[]) };
        assert_eq!(SERVER.request::<SendData>(&call, &mut buf), Err(RequestError::Nonce(error)));
    }
    assert_eq!(Nonce::new([0; 16]), Err(NonceError::Zero));
}

#[test]
fn what_cannot_be_delivered_is_refused() {
    let mut buf = vec![0; 300_000];
    let large = vec![1; MAX_FORWARDED_BYTES];
    let identity = "i".repeat(256);
    for to in [&[][..], &["operator"], &[identity.as_str(); 40]] {
        let Err(RequestError::TooLong { field: "data", most, .. }) =
            SERVER.request::<SendData>(&reading(&large, to), &mut buf)
        else {
            panic!("it was not refused")
        };
        let (_, _, body) =
            read(SERVER.request::<SendData>(&reading(&large[..most], to), &mut buf).unwrap());
        // The packet that the server makes of it, as it was recorded: destinations twice.
        #[allow(deprecated)] // the server fills it in
        let packet = livekit_protocol::DataPacket {
            destination_identities: body.destination_identities.clone(),
            value: Some(livekit_protocol::data_packet::Value::User(livekit_protocol::UserPacket {
                payload: body.data,
                topic: body.topic,
                destination_identities: body.destination_identities,
                nonce: body.nonce,
                ..Default::default()
            })),
            ..Default::default()
        };
        let len = packet.encoded_len();
        assert!(
            len <= MAX_FORWARDED_BYTES && len + 300 > MAX_FORWARDED_BYTES - to.len() * 8,
            "{len}"
        );
    }
    let payload = "x".repeat(MAX_RPC_PAYLOAD_BYTES + 1);
    let call = PerformRpcRequest {
        room: "lab",
        destination_identity: "operator",
        method: "reading",
        payload: &payload,
        ..Default::default()
    };
    let error = RequestError::TooLong { field: "payload", came: 15_361, most: 15_360 };
    assert_eq!(SERVER.request::<PerformRpc>(&call, &mut buf), Err(error));
    let call = PerformRpcRequest { payload: &payload[1..], ..call };
    assert!(SERVER.request::<PerformRpc>(&call, &mut buf).is_ok());
    for (field, call) in [
        ("destination_identity", PerformRpcRequest { destination_identity: "", ..call }),
        ("method", PerformRpcRequest { method: "", ..call }),
    ] {
        let error = RequestError::Empty { field };
        assert_eq!(SERVER.request::<PerformRpc>(&call, &mut buf), Err(error));
    }
    let nobody = RoomParticipantIdentity { room: "lab", ..Default::default() };
    let error = RequestError::Empty { field: "identity" };
    assert_eq!(SERVER.request::<GetParticipant>(&nobody, &mut buf), Err(error));
    assert_eq!(SERVER.request::<RemoveParticipant>(&nobody, &mut buf), Err(error));
}

#[test]
fn what_the_server_would_misunderstand_is_refused() {
    let mut buf = [0; 400];
    let call = SendDataRequest { room: "", ..reading(b"x", &[]) };
    let error = Err(RequestError::Empty { field: "room" });
    assert_eq!(SERVER.request::<SendData>(&call, &mut buf), error);

    let call = reading(b"x", &[]);
    for token in ["eyJh.eyJ2.c2ln\n", "a b", "a\r\nX: y", "tökén"] {
        let server = Endpoint { token, ..SERVER };
        let error = Err(RequestError::Header { field: "token" });
        assert_eq!(server.request::<SendData>(&call, &mut buf), error, "{token:?}");
    }
    let server = Endpoint { host: "", ..SERVER };
    let error = Err(RequestError::Empty { field: "host" });
    assert_eq!(server.request::<SendData>(&call, &mut buf), error);
}

/// Every method of the schema's RoomService, at its path, with its messages.
#[test]
fn room_service_is_whole() {
    let set = include_bytes!("../../../../protocol/livekit.binpb");
    let schema = DescriptorPool::decode(&set[..]).expect("the schema");
    let service = schema.services().find(|it| it.full_name() == "livekit.RoomService").unwrap();
    let paths: BTreeSet<_> =
        service.methods().map(|it| format!("/twirp/livekit.RoomService/{}", it.name())).collect();
    assert_eq!(paths, ROOM_SERVICE.iter().map(|&it| it.to_owned()).collect());
    assert_eq!(SendData::PATH, "/twirp/livekit.RoomService/SendData");
}
