//! Logs: what a response, an outbox or an endpoint prints of itself holds no content and no token.

use livekit_micro::server::{Backoff, Endpoint, ListItem, ListReader, Nonce, Outbox, Response};

use crate::response::feed;

const CANARY: &str = "c4n4ry";

#[track_caller]
fn assert_silent(value: &dyn core::fmt::Debug) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        let bytes = format!("{:?}", CANARY.as_bytes());
        let bytes = bytes.trim_matches(['[', ']']);
        let lines = bytes.replace(", ", ",\n");
        let shown = text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
        for canary in [CANARY, bytes, &lines] {
            assert!(!shown.contains(canary), "{text}");
        }
        assert!(text.len() > 10, "{text}");
    }
}

#[test]
fn debug_shows_no_content_and_no_token() {
    assert_silent(&Endpoint { host: "h", token: CANARY, close: false });

    let mut outbox: Outbox<2, 16> = Outbox::new(Backoff::new(1, 2));
    outbox.push(CANARY.as_bytes(), Nonce::new([1; 16]).unwrap()).unwrap();
    assert_silent(&outbox);
    assert_silent(&outbox.poll(0));
    assert_silent(&outbox);

    let text = format!("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n{CANARY}");
    let mut buf = [0; 128];
    let response = feed(text.as_bytes(), 50, &mut buf).expect("a response");
    assert_eq!(response.body(), CANARY.as_bytes());
    assert_silent(&response);
    // In the middle of a line.
    let mut buf = [0; 128];
    let mut response = Response::new(&mut buf);
    let part = format!("HTTP/1.1 401 {CANARY}");
    response.space()[..part.len()].copy_from_slice(part.as_bytes());
    response.advance(part.len()).unwrap();
    assert_silent(&response);

    let mut buf = [0; 128];
    let list = ListReader::new(&mut buf);
    assert_silent(&list);
    assert_silent(&ListItem::Complete(CANARY.as_bytes()));
    assert_silent(&ListItem::Truncated { bytes: CANARY.as_bytes(), len: 1_000 });
}
