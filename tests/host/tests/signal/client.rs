//! A client with its memory, and what is on the other end.

use livekit_micro::signal::{Connect, JoinOptions, ServerUrl, SignalClient, SignalError};
use testkit::signal::{Told, accepted, join, receive};

pub const TOKEN: &str = "eyJh.eyJ2.c2ln";
pub const TOKEN_BYTES: usize = 64;
pub const OFFER: Connect<'_> = Connect::Join { offer: "v=0\r\n", offer_id: 7 };
pub const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

pub fn url() -> ServerUrl<'static> {
    ServerUrl::parse("ws://10.0.0.5:7880").expect("it is one")
}

/// A client with a buffer of so many bytes, that has nothing to do with a server yet.
pub fn client(buf: usize) -> SignalClient<'static> {
    let mut client = SignalClient::new(vec![0; buf].leak(), vec![0; TOKEN_BYTES].leak());
    assert!(client.set_token(TOKEN));
    client
}

/// Sends the request. Returns what a server answers that accepts it.
pub fn connect(client: &mut SignalClient<'_>, now_ms: u64) -> Vec<u8> {
    let mut out = [0; 1000];
    let random = fastrand::u128(..).to_le_bytes();
    let request = client.connect(&url(), OFFER, &JoinOptions::default(), &random, now_ms, &mut out);
    accepted(request.expect("it fits"))
}

/// A client that has joined an empty room.
pub fn joined(buf: usize, now_ms: u64) -> SignalClient<'static> {
    let mut client = client(buf);
    let head = connect(&mut client, now_ms);
    assert_eq!(receive(&mut client, &head, now_ms), (vec![], None));
    assert!(!client.is_open());
    assert_eq!(receive(&mut client, &join(), now_ms), (vec![Told::Joined], None));
    assert!(client.is_open());
    client
}

/// What a client tells of bytes that end the connection: what came before the error, and the error.
pub fn refused(client: &mut SignalClient<'_>, bytes: &[u8]) -> (Vec<Told>, SignalError) {
    let (told, error) = receive(client, bytes, 0);
    (told, error.expect("an error").0)
}
