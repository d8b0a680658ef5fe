//! What ends a connection, and what is said of it.

use livekit_micro::signal::{MessageError, SignalClient, SignalError, WebSocketError};
use testkit::signal::{Told, frame, join, receive};

use crate::client::{MASK, client, connect, joined, refused};

/// Nothing is told, sent or awaited any more.
fn is_over(client: &mut SignalClient<'_>) {
    assert_eq!(receive(client, &[frame(0x89, b""), join()].concat(), 0), (vec![], None));
    assert_eq!((client.poll_in(0), client.is_open()), (None, false));
    let mut out = [0; 140];
    assert_eq!(client.poll(99_999, MASK, &mut out), Ok(None));
    assert_eq!(client.leave(MASK, &mut out), None);
}

#[test]
fn a_status_refuses_and_its_text_is_in_the_rest() {
    for (status, is_final) in [(401, true), (403, true), (404, true), (503, false), (429, false)] {
        let text = "invalid token: expired";
        let head = format!(
            "HTTP/1.1 {status} No\r\nContent-Type: text/plain\r\nContent-Length: 22\r\n\r\n"
        );
        let response = format!("{head}{text}");
        for at in [1, 9, 30, head.len(), response.len()] {
            let mut client = client(64);
            connect(&mut client, 0);
            let mut found = None;
            for piece in response.as_bytes().chunks(at) {
                let (told, error) = receive(&mut client, piece, 0);
                assert_eq!(told, []);
                if let Some((error, rest)) = error {
                    assert_eq!(found.replace(error), None);
                    // As far as it came with the status.
                    assert!(text.as_bytes().starts_with(rest));
                    assert!(at < response.len() || rest == text.as_bytes());
                }
            }
            let error = found.expect("it is refused");
            assert_eq!(error, SignalError::Refused { status });
            assert_eq!(error.is_final(), is_final);
            assert!(error.to_string().contains(&status.to_string()));
            is_over(&mut client);
        }
    }
}

#[test]
fn another_key_is_not_accepted() {
    let mut client = client(64);
    connect(&mut client, 0);
    let other = connect(&mut crate::client::client(64), 0);
    let error = WebSocketError::Header { name: "Sec-WebSocket-Accept" };
    assert_eq!(refused(&mut client, &other), (vec![], error.into()));
    is_over(&mut client);
}

#[test]
fn a_close_has_its_code() {
    for (payload, code) in [
        (&[][..], 1005),
        (&[0x03, 0xe8], 1000),
        (&[0x03, 0xf1, b'b', b'y', b'e'], 1009),
        (&[0x10, 0x04], 4100),
    ] {
        let mut client = joined(64, 0);
        let bytes = [join(), frame(0x88, payload), join()].concat();
        let expected = (vec![Told::Joined], SignalError::Closed { code });
        assert_eq!(refused(&mut client, &bytes), expected);
        is_over(&mut client);
    }
}

#[test]
fn what_is_no_message_ends_the_connection() {
    for (bytes, is_at) in [
        // A join that is longer than its message; a tag of a group; a number that does not end.
        (&[0x0a, 9, 0x12][..], None),
        (&[0x0b], Some(1)),
        (&[0xff; 11], None),
        // A trickle whose field is longer; an answer whose text is not UTF-8.
        (&[0x22, 2, 0x0a, 9], None),
        (&[0x12, 3, 0x12, 1, 0xff], None),
        // A participant whose identity is not UTF-8.
        (&[0x2a, 5, 0x0a, 3, 0x12, 1, 0xff], None),
    ] {
        let mut client = joined(64, 0);
        let bytes = [frame(0x82, bytes), join()].concat();
        let (told, error) = refused(&mut client, &bytes);
        assert_eq!(told, [], "{bytes:?}");
        let SignalError::Message(MessageError { offset }) = error else { panic!("{error}") };
        assert!(offset < 20 && is_at.is_none_or(|at| at == offset), "{bytes:?} at {offset}");
        is_over(&mut client);
    }
}

#[test]
fn what_is_no_web_socket_ends_the_connection() {
    for bytes in [
        &b"HTTP/1.0 101 Switching Protocols\r\n"[..],
        b"\x16\x03\x01",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    ] {
        let mut client = client(64);
        connect(&mut client, 0);
        let (told, error) = refused(&mut client, bytes);
        assert!(told.is_empty() && matches!(error, SignalError::WebSocket(_)), "{error}");
        is_over(&mut client);
    }
    // A masked frame; a reserved bit; an end of nothing.
    for bytes in [[0x82, 0x80], [0xc2, 0], [0x80, 0]] {
        let mut client = joined(64, 0);
        let (_, error) = refused(&mut client, &bytes);
        let SignalError::WebSocket(WebSocketError::Frame { first, .. }) = error else {
            panic!("{error}")
        };
        assert_eq!(first, bytes[0]);
        is_over(&mut client);
    }
}

#[test]
fn a_client_that_leaves_hears_no_more() {
    let mut client = joined(64, 0);
    let mut out = [0; 140];
    assert!(client.leave(MASK, &mut out).is_some());
    assert!(!client.is_open());
    client.closed();
    is_over(&mut client);
}
