//! Any JSON, signed: what is accepted says to serde_json what it says to us, and says it still when it
//! is minted anew.
#![no_main]

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, Mac};
use libfuzzer_sys::fuzz_target;
use livekit_micro::token::{Claims, MintError, VerifyError, mint, verify};
use serde_json::Value;
use sha2::Sha256;

const SECRET: &[u8] = b"secret";

fuzz_target!(|input: &[u8]| {
    // Unsigned, it is nothing but bytes.
    if let Ok(text) = core::str::from_utf8(input) {
        let mut buf = vec![0; 64];
        assert!(verify(text, SECRET, 0, &mut buf).is_err());
    }
    let token = signed(input);
    let mut buf = vec![0; 2 * input.len()];
    let seen = match verify(&token, SECRET, 0, &mut buf) {
        Ok(seen) => seen.claims,
        Err(VerifyError::Malformed | VerifyError::NotYetValid { .. }) => return,
        // The buffer has room for all, it is signed, and no time is before 1970.
        Err(error) => panic!("{error}"),
    };
    if let Ok(value) = serde_json::from_slice(input) {
        agree(&seen, &value);
    }

    let mut again = vec![0; 12 * input.len() + 512];
    let token = match mint(&seen, SECRET, &mut again) {
        Ok(token) => token,
        Err(MintError::Empty { .. }) => return,
        Err(error) => panic!("{error}"),
    };
    let mut buf = vec![0; 2 * token.len()];
    assert_eq!(verify(token, SECRET, 0, &mut buf).map(|it| it.claims), Ok(seen));
});

fn signed(json: &[u8]) -> String {
    let part = Base64UrlUnpadded::encode_string;
    let head = format!("{}.{}", part(br#"{"alg":"HS256"}"#), part(json));
    let mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("any length will do");
    let signature = part(&mac.chain_update(&head).finalize().into_bytes());
    format!("{head}.{signature}")
}

fn agree(seen: &Claims<'_>, value: &Value) {
    let (video, theirs) = (&seen.video, &value["video"]);
    for (ours, theirs) in [
        (seen.issuer, &value["iss"]),
        (seen.identity, &value["sub"]),
        (seen.name, &value["name"]),
        (seen.metadata, &value["metadata"]),
        (video.room, &theirs["room"]),
        (video.destination_room, &theirs["destinationRoom"]),
    ] {
        assert_eq!(ours, theirs.as_str().unwrap_or_default());
    }
    assert_eq!(Some(seen.expires), value["exp"].as_u64());
    assert_eq!(seen.not_before, value["nbf"].as_u64());
    for (ours, theirs) in [
        (video.can_publish, &theirs["canPublish"]),
        (video.can_subscribe, &theirs["canSubscribe"]),
        (video.can_publish_data, &theirs["canPublishData"]),
        (video.can_update_own_metadata, &theirs["canUpdateOwnMetadata"]),
        (Some(video.room_join), &theirs["roomJoin"]),
        (Some(video.room_admin), &theirs["roomAdmin"]),
        (Some(video.room_create), &theirs["roomCreate"]),
        (Some(video.room_list), &theirs["roomList"]),
        (Some(video.room_record), &theirs["roomRecord"]),
        (Some(video.hidden), &theirs["hidden"]),
        (Some(video.recorder), &theirs["recorder"]),
        (Some(video.agent), &theirs["agent"]),
        (Some(video.ingress_admin), &theirs["ingressAdmin"]),
    ] {
        assert_eq!(ours.unwrap_or_default(), theirs.as_bool().unwrap_or_default());
    }
}
