//! Calls over connections: one after the other, cut, dropped, and whose error it is.

use std::io;
use std::time::Duration;

use embedded_io_adapters::tokio_1::FromTokio;
use livekit_micro::borrowed::{ListParticipantsRequest, PerformRpcRequest, SendDataRequest};
use livekit_micro::server::{
    CallError, Connection, ConnectionError, Endpoint, ListItem, ListParticipants, PerformRpc,
    Rejection, RequestError, ResponseError, SendData, Verdict,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::timeout;

const SERVER: Endpoint<'static> = Endpoint { host: "h", token: "t", close: false };

const READING: SendDataRequest<'static> =
    SendDataRequest { room: "lab", nonce: &[1; 16], ..SendDataRequest::new() };

const RPC: PerformRpcRequest<'static> = PerformRpcRequest {
    room: "lab",
    destination_identity: "operator",
    method: "reading",
    payload: "21.5",
    ..PerformRpcRequest::new()
};

const ACCEPTED: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Type: application/protobuf\r\n\r\n";

const TOO_LARGE: &[u8] = b"HTTP/1.1 413 Large\r\nContent-Length: 22\r\n\r\nrequest body too large";

type Client = Connection<FromTokio<DuplexStream>>;
type Error = ConnectionError<io::Error>;

fn connect() -> (Client, DuplexStream) {
    let (ours, theirs) = duplex(64);
    (Connection::new(FromTokio::new(ours)), theirs)
}

/// Reads until nothing more arrives, and responds.
async fn respond(server: &mut DuplexStream, response: &[u8]) {
    let mut request = [0; 64];
    while let Ok(Ok(1..)) = timeout(Duration::from_millis(50), server.read(&mut request)).await {}
    let _ = server.write_all(response).await; // the client may be gone
}

async fn send(request: SendDataRequest<'_>, response: &[u8]) -> Result<(), Error> {
    let (mut client, mut server) = connect();
    let mut buf = [0; 512];
    let respond = async {
        respond(&mut server, response).await;
        drop(server);
    };
    let ((), result) = tokio::join!(respond, client.call::<SendData>(&SERVER, &request, &mut buf));
    result.map(drop)
}

async fn call_rpc(response: &[u8]) -> Result<String, Error> {
    let (mut client, mut server) = connect();
    let mut buf = [0; 512];
    let respond = async {
        respond(&mut server, response).await;
        drop(server);
    };
    let ((), result) = tokio::join!(respond, client.call::<PerformRpc>(&SERVER, &RPC, &mut buf));
    result.map(|it| it.payload.to_owned())
}

#[tokio::test]
async fn a_connection_serves_one_call_after_the_other() {
    let (mut client, mut server) = connect();
    let mut buf = [0; 512];
    let serve = async {
        for _ in 0..3 {
            respond(&mut server, ACCEPTED).await;
        }
        let closing = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\
            Content-Type: application/protobuf\r\n\r\n\x0a\x02ok";
        respond(&mut server, closing).await;
    };
    let calls = async {
        for _ in 0..3 {
            assert!(client.is_reusable());
            client.call::<SendData>(&SERVER, &READING, &mut buf).await.expect("accepted");
        }
        let response =
            client.call::<PerformRpc>(&SERVER, &RPC, &mut buf).await.expect("a response");
        assert_eq!(response.payload, "ok");
        assert!(!client.is_reusable());
        let again = client.call::<SendData>(&SERVER, &READING, &mut buf).await;
        assert!(matches!(again, Err(ConnectionError::NotReusable)), "{again:?}");
        assert_eq!(Verdict::from(again), Verdict::Retry);
    };
    tokio::join!(serve, calls);
}

#[tokio::test]
async fn a_request_can_be_encoded_before() {
    let (mut client, mut server) = connect();
    let mut buf = [0; 512];
    let len = SERVER.request::<SendData>(&READING, &mut buf).expect("it fits").len();
    let call = client.call_encoded::<SendData>(len, &mut buf);
    let ((), result) = tokio::join!(respond(&mut server, ACCEPTED), call);
    assert!(result.is_ok() && client.is_reusable());
}

#[tokio::test]
async fn a_rejected_call_leaves_the_connection_reusable() {
    let (mut client, mut server) = connect();
    let mut buf = [0; 512];
    let call = client.call::<SendData>(&SERVER, &READING, &mut buf);
    let ((), result) = tokio::join!(respond(&mut server, TOO_LARGE), call);
    assert!(matches!(result, Err(ConnectionError::Call(CallError::Rejected(Rejection::TooLarge)))));
    assert!(client.is_reusable());
}

#[tokio::test]
async fn a_dropped_call_leaves_the_connection_not_reusable() {
    for received in [&b""[..], b"HTTP/1.1 200", &ACCEPTED[..ACCEPTED.len() - 1]] {
        let (mut client, mut server) = connect();
        let mut buf = [0; 512];
        let call = client.call::<SendData>(&SERVER, &READING, &mut buf);
        let deadline = timeout(Duration::from_millis(150), call);
        let ((), result) = tokio::join!(respond(&mut server, received), deadline);
        assert!(result.is_err(), "the deadline is over");
        assert!(!client.is_reusable());
        let again = client.call::<SendData>(&SERVER, &READING, &mut buf).await;
        assert!(matches!(again, Err(ConnectionError::NotReusable)), "{again:?}");
    }
}

/// A server may close a connection that is kept open; the client notices when it uses it.
#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_stale() {
    let (mut client, mut server) = connect();
    let mut buf = [0; 512];
    let call = client.call::<SendData>(&SERVER, &READING, &mut buf);
    let ((), result) = tokio::join!(respond(&mut server, ACCEPTED), call);
    assert!(result.is_ok() && client.is_reusable());
    drop(server);
    let result = client.call::<SendData>(&SERVER, &READING, &mut buf).await;
    assert!(matches!(result, Err(ConnectionError::Stale)), "{result:?}");
    assert!(!client.is_reusable());
    assert_eq!(Verdict::from(result), Verdict::Retry);
    // One that is closed in the middle of a response is not.
    let (mut client, mut server) = connect();
    let call = client.call::<SendData>(&SERVER, &READING, &mut buf);
    let ((), result) = tokio::join!(respond(&mut server, ACCEPTED), call);
    result.expect("accepted");
    let cut = async {
        respond(&mut server, b"HTTP/1.1 200 OK\r\n").await;
        drop(server);
    };
    let call = client.call::<SendData>(&SERVER, &READING, &mut buf);
    let ((), result) = tokio::join!(cut, call);
    let error = result.map(drop).expect_err("cut");
    let eof = CallError::Response(ResponseError::UnexpectedEof);
    assert!(matches!(error, ConnectionError::Call(call) if call == eof), "{error}");
    // A new connection that is closed without a response is not.
    let error = send(READING, b"").await.expect_err("no response");
    assert!(
        matches!(error, ConnectionError::Call(CallError::Response(ResponseError::Closed))),
        "{error}"
    );
}

/// The error of a list whose response is `response`, after `served` calls on the same connection.
async fn list_error(served: usize, response: &[u8]) -> Error {
    let (mut client, mut server) = connect();
    let mut buf = [0; 256];
    for _ in 0..served {
        let call = client.call::<SendData>(&SERVER, &READING, &mut buf);
        let ((), result) = tokio::join!(respond(&mut server, ACCEPTED), call);
        result.expect("accepted");
    }
    let request = ListParticipantsRequest { room: "lab" };
    let serve = async {
        respond(&mut server, response).await;
        drop(server);
    };
    let read = async {
        let mut list =
            client.list::<ListParticipants>(&SERVER, &request, &mut buf).await.expect("sent");
        list.next().await.expect_err("no list")
    };
    let ((), error) = tokio::join!(serve, read);
    assert!(!client.is_reusable());
    error
}

#[tokio::test]
async fn a_list_on_a_connection_that_was_closed_meanwhile_is_stale() {
    let error = list_error(1, b"").await;
    assert!(matches!(error, ConnectionError::Stale), "{error}");
    let error = list_error(0, b"").await;
    let closed = CallError::Response(ResponseError::Closed);
    assert!(matches!(error, ConnectionError::Call(call) if call == closed), "{error}");
    let error = list_error(1, b"HTTP/1.1 200 OK\r\n").await;
    let cut = CallError::Response(ResponseError::UnexpectedEof);
    assert!(matches!(error, ConnectionError::Call(call) if call == cut), "{error}");
}

#[tokio::test]
async fn a_list_of_a_server_that_closes_leaves_the_connection_not_reusable() {
    let (mut client, mut server) = connect();
    let mut buf = [0; 256];
    let request = ListParticipantsRequest { room: "lab" };
    let response = b"HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\n\
        Connection: close\r\nContent-Length: 0\r\n\r\n";
    let read = async {
        let mut list =
            client.list::<ListParticipants>(&SERVER, &request, &mut buf).await.expect("sent");
        assert!(list.next().await.expect("an empty list").is_none());
    };
    tokio::join!(respond(&mut server, response), read);
    assert!(!client.is_reusable());
}

#[tokio::test]
async fn a_list_is_read_item_by_item() {
    let items = b"\x0a\x03\x12\x01a\x0a\x03\x12\x01b";
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\nContent-Length:";
    let response = [format!("{head} {}\r\n\r\n", items.len()).as_bytes(), items].concat();
    for keeps in [2, 1] {
        let (mut client, mut server) = connect();
        let mut buf = [0; 256];
        let request = ListParticipantsRequest { room: "lab" };
        let read = async {
            let mut list =
                client.list::<ListParticipants>(&SERVER, &request, &mut buf).await.expect("sent");
            let mut count = 0;
            while let Some(item) = list.next().await.expect("an item") {
                assert!(matches!(item, ListItem::Complete([0x12, 1, b'a' | b'b'])), "{item:?}");
                count += 1;
                if count == keeps {
                    break;
                }
            }
            assert!(count < 2 || list.next().await.expect("the end").is_none());
            count
        };
        let ((), count) = tokio::join!(respond(&mut server, &response), read);
        // All of it arrived in one piece; what matters is that it was read to its end.
        assert_eq!((count, client.is_reusable()), (keeps, true));
    }
    let (mut client, mut server) = connect();
    let mut buf = [0; 256];
    let request = ListParticipantsRequest { room: "lab" };
    let read = async {
        let mut list =
            client.list::<ListParticipants>(&SERVER, &request, &mut buf).await.expect("sent");
        list.next().await.expect_err("a portal")
    };
    let page = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n\x0a\x03\x12\x01a\x0a\x03\x12\x01b";
    let ((), error) = tokio::join!(respond(&mut server, page), read);
    assert!(matches!(error, ConnectionError::Call(CallError::ContentType)), "{error}");
}

#[tokio::test]
async fn each_error_is_its_own() {
    let error = send(SendDataRequest { room: "", ..READING }, b"").await.expect_err("unsent");
    assert!(matches!(error, ConnectionError::Request(RequestError::Empty { field: "room" })));
    assert_eq!(Verdict::from(error), Verdict::Rejected);

    let page =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\nContent-Length: 2\r\n\r\nok";
    let error = send(READING, page).await.expect_err("a body");
    let body = CallError::UnexpectedBody { len: 2 };
    assert!(matches!(error, ConnectionError::Call(call) if call == body), "{error}");

    let rejected = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
    let error = call_rpc(rejected).await.expect_err("rejected");
    let token = matches!(error, ConnectionError::Call(CallError::Rejected(Rejection::Token)));
    assert!(token, "{error}");

    // A server that rejects a request may close the connection before it has read all of it.
    let (mut client, mut server) = connect();
    let mut buf = [0; 2048];
    let request = SendDataRequest { data: &[1; 1000], ..READING };
    let call = client.call::<SendData>(&SERVER, &request, &mut buf);
    let reject = async {
        let mut some = [0; 16];
        server.read_exact(&mut some).await.expect("a request");
        server.write_all(TOO_LARGE).await.expect("it is received");
        drop(server);
    };
    let ((), result) = tokio::join!(reject, call);
    let error = result.map(drop).expect_err("rejected");
    let too_large =
        matches!(error, ConnectionError::Call(CallError::Rejected(Rejection::TooLarge)));
    assert!(too_large, "{error}");

    let cut =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\nContent-Length: 4\r\n\r\n\x0a";
    let error = call_rpc(cut).await.expect_err("cut");
    let eof = ConnectionError::Call(CallError::Response(ResponseError::UnexpectedEof));
    assert_eq!(format!("{error}"), format!("{}", eof as Error));
}
