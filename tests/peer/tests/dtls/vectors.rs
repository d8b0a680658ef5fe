//! Known results.

use livekit_micro_peer::dtls::prf;

use crate::device::crypto;

/// The vector of the IETF's TLS working group (mailing list, "TLS 1.2 PRF test vectors", SHA-256), of which 64 bytes
/// are more than a handshake derives at a time.
#[test]
fn the_pseudorandom_function_gives_what_is_published() {
    let secret = hex("9bbe436ba940f017b17652849a71db35");
    let seed = hex("a0ba9f936cda311827a6f796ffd5198c");
    let expected = hex(concat!(
        "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a",
        "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab",
        "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701",
        "87347b66",
    ));
    let mut out = [0; 100];
    prf(&mut crypto(), &secret, b"test label", [&seed[..5], &seed[5..]], &mut out);
    assert_eq!(out[..], expected);
}

fn hex(digits: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(byte).collect()
}
