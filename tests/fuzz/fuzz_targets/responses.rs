//! Any bytes for a response of the server: what it means does not depend on the pieces in which it
//! arrives, nor do a list's items depend on the buffer. The same bytes as the page of another server,
//! with status 200: they are never a success.
#![no_main]

use libfuzzer_sys::fuzz_target;
use livekit_micro::server::{
    CallError, ListItem, ListReader, PerformRpc, Response, ResponseError, SendData, Verdict,
};

fuzz_target!(|input: &[u8]| {
    let Some((&[capacity, step], bytes)) = input.split_first_chunk() else { return };
    // The smallest useful buffer has 128 bytes.
    let (capacity, step) = (128 + usize::from(capacity), 1 + usize::from(step));
    check_pieces(bytes, capacity, step);
    check_list(bytes, capacity, step);
    for page in pages(bytes, step) {
        check_page(&page, capacity, step);
        check_page(&page[..page.len() * capacity / 384], capacity, step);
    }
});

fn check_pieces(bytes: &[u8], capacity: usize, step: usize) {
    let (pieces, whole) = (receive(bytes, capacity, step), receive(bytes, capacity, usize::MAX));
    assert_eq!(pieces, whole);
    if let Ok(Received { sent: Ok(()), status, body, .. }) = whole {
        assert_eq!((status, body.len()), (Some(200), 0));
    }
}

fn check_list(bytes: &[u8], capacity: usize, step: usize) {
    let (mut some, mut more) = (Vec::new(), Vec::new());
    let end = list(bytes, capacity, step, &mut some);
    let same = list(bytes, bytes.len() + 128, usize::MAX, &mut more);
    // What is returned before an error, and which of two errors is found, depends on what has arrived.
    assert_eq!(end.is_ok(), same.is_ok(), "{end:?}, {same:?}");
    assert!(end.is_err() || some.len() == more.len());
    for ((start, len), (whole, same)) in some.iter().zip(&more) {
        assert_eq!(len, same);
        assert!(whole.starts_with(start), "{start:?} of {whole:?}");
    }
}

/// The input as the body of pages: as it is, as HTML and as JSON, in each framing.
fn pages(input: &[u8], step: usize) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(input);
    let types = ["text/html", "application/json", "", "application/x-protobuf", "text/plain"];
    let content_type = match types[step % types.len()] {
        "" => String::new(),
        other => format!("Content-Type: {other}\r\n"),
    };
    let bodies = [
        input.to_vec(),
        format!("\n<!doctype html><p>{text}</html>").into_bytes(),
        serde_json::json!({ text.as_ref(): [text, 1, null] }).to_string().into_bytes(),
        Vec::new(),
    ];
    let framed = bodies.iter().flat_map(|body| {
        let head = format!("HTTP/1.1 200 OK\r\n{content_type}");
        let mut chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
        for part in body.chunks(step) {
            chunked.extend(format!("{:x}\r\n", part.len()).bytes());
            chunked.extend([part, b"\r\n"].concat());
        }
        chunked.extend(b"0\r\n\r\n");
        let length = format!("{head}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        [[length, body.clone()].concat(), [head.as_bytes(), b"\r\n", body].concat(), chunked]
    });
    framed.collect()
}

fn check_page(page: &[u8], capacity: usize, step: usize) {
    if let Ok(Received { sent, called, .. }) = receive(page, capacity, step) {
        assert_eq!([Verdict::from(sent), Verdict::from(called)], [Verdict::Retry; 2]);
    }
    let mut items = Vec::new();
    assert!(list(page, capacity, step, &mut items).is_err() && items.is_empty());
}

/// What a response says to SendData, to PerformRpc, and as far as it has arrived.
#[derive(Debug, PartialEq)]
struct Received {
    sent: Result<(), CallError>,
    called: Result<String, CallError>,
    status: Option<u16>,
    body: Vec<u8>,
}

/// Receives `bytes`, `step` at a time, before the connection is closed.
fn receive(bytes: &[u8], capacity: usize, step: usize) -> Result<Received, ResponseError> {
    let (mut buf, mut rest) = (vec![0; capacity], bytes);
    let mut response = Response::new(&mut buf);
    while !response.is_complete() {
        assert!(response.message::<SendData>().is_err(), "not before it is complete");
        let count = arrive(response.space(), &mut rest, step);
        response.advance(count)?;
    }
    Ok(Received {
        sent: response.message::<SendData>().map(drop),
        called: response.message::<PerformRpc>().map(|it| it.payload.to_owned()),
        status: response.status(),
        body: response.body().to_vec(),
    })
}

/// Adds what is returned of each item, and its length, to `items`.
fn list(
    bytes: &[u8],
    capacity: usize,
    step: usize,
    items: &mut Vec<(Vec<u8>, usize)>,
) -> Result<(), CallError> {
    let (mut buf, mut rest) = (vec![0; capacity], bytes);
    let mut list = ListReader::new(&mut buf);
    loop {
        while let Some(item) = list.next()? {
            items.push(match item {
                ListItem::Complete(bytes) => (bytes.to_vec(), bytes.len()),
                ListItem::Truncated { bytes, len } => (bytes.to_vec(), len),
            });
        }
        if list.is_complete() {
            return Ok(());
        }
        let count = arrive(list.space(), &mut rest, step);
        list.advance(count)?;
    }
}

/// Moves at most `step` bytes of `rest` into `space`; returns how many.
fn arrive(space: &mut [u8], rest: &mut &[u8], step: usize) -> usize {
    assert!(!space.is_empty());
    let (now, later) = rest.split_at(step.min(space.len()).min(rest.len()));
    space[..now.len()].copy_from_slice(now);
    *rest = later;
    now.len()
}
