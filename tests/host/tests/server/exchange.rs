//! Whole calls over connections.

use std::io;
use std::time::Duration;

use embedded_io_adapters::tokio_1::FromTokio;
use livekit_micro::borrowed::{PerformRpcRequest, SendDataRequest};
use livekit_micro::server::{
    Call, CallError, Endpoint, ExchangeError, PerformRpc, Refusal, ReplyError, RequestError,
    SendData,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::timeout;

const SERVER: Endpoint<'static> = Endpoint { host: "h", token: "t", close: true };

const READING: SendDataRequest<'static> =
    SendDataRequest { room: "lab", nonce: &[1; 16], ..SendDataRequest::new() };

/// Reads until nothing more comes, answers and leaves.
async fn peer(mut connection: DuplexStream, answer: &[u8]) {
    let mut request = [0; 64];
    while let Ok(Ok(1..)) = timeout(Duration::from_millis(50), connection.read(&mut request)).await
    {
    }
    connection.write_all(answer).await.expect("it is taken");
}

async fn call_rpc(answer: &[u8]) -> Result<String, ExchangeError<io::Error>> {
    let (ours, theirs) = duplex(64);
    let request = PerformRpcRequest {
        room: "lab",
        destination_identity: "operator",
        method: "reading",
        payload: "21.5",
        ..Default::default()
    };
    let (mut connection, mut buf) = (FromTokio::new(ours), [0; 512]);
    let call = PerformRpc::call(&mut connection, &SERVER, &request, &mut buf);
    let ((), answer) = tokio::join!(peer(theirs, answer), call);
    answer.map(|it| it.payload.to_owned())
}

async fn send(request: SendDataRequest<'_>, answer: &[u8]) -> Result<(), ExchangeError<io::Error>> {
    let (ours, theirs) = duplex(64);
    let (mut connection, mut buf) = (FromTokio::new(ours), [0; 512]);
    let call = SendData::call(&mut connection, &SERVER, &request, &mut buf);
    let ((), answer) = tokio::join!(peer(theirs, answer), call);
    answer.map(drop)
}

#[tokio::test]
async fn a_call_is_one_line() {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\x0a\x02ok";
    assert_eq!(call_rpc(answer).await.expect("an answer"), "ok");
    assert!(send(READING, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.is_ok());
}

#[tokio::test]
async fn each_error_is_its_own() {
    let error = send(SendDataRequest { room: "", ..READING }, b"").await.expect_err("unsent");
    assert!(matches!(error, ExchangeError::Request(RequestError::Empty { field: "room" })));

    let refused = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
    let error = call_rpc(refused).await.expect_err("refused");
    assert!(matches!(error, ExchangeError::Call(CallError::Refused(Refusal::Token))), "{error}");

    // What is known of the answer counts, however the connection ends.
    let early = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 90\r\n\r\n<html>";
    let error = call_rpc(early).await.expect_err("refused");
    assert!(matches!(error, ExchangeError::Call(CallError::Refused(Refusal::TooLarge))), "{error}");
    let (ours, mut theirs) = duplex(64);
    let mut connection = FromTokio::new(ours);
    let mut buf = [0; 2048];
    let request = SendDataRequest { data: &[1; 1000], ..READING };
    let call = SendData::call(&mut connection, &SERVER, &request, &mut buf);
    let refuse = async {
        let mut some = [0; 16];
        theirs.read_exact(&mut some).await.expect("a request");
        theirs.write_all(early).await.expect("it is taken");
        drop(theirs);
    };
    let ((), answer) = tokio::join!(refuse, call);
    let error = answer.map(drop).expect_err("refused");
    assert!(matches!(error, ExchangeError::Call(CallError::Refused(Refusal::TooLarge))), "{error}");
    let error = send(READING, b"").await.expect_err("no answer");
    assert!(matches!(error, ExchangeError::Call(CallError::Reply(ReplyError::Closed))), "{error}");

    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\x0a";
    let error = call_rpc(cut).await.expect_err("cut");
    assert!(matches!(error, ExchangeError::Call(CallError::Reply(ReplyError::Cut))), "{error}");
}
