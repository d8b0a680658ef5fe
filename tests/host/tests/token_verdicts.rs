//! What LiveKit's own Go verifier says of tokens, recorded by tests/peers/go/verify, and what `verify` says.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, Mac};
use livekit_micro::token::{Claims, VerifyError, verify};
use serde_json::Value;
use sha2::Sha256;

const PAYLOADS: &str = include_str!("../../peers/go/verify/payloads.txt");
const VERDICTS: &str = include_str!("../../peers/go/verify/verdicts.txt");
const SECRET: &[u8] = b"secret";
/// 2000-01-01, when the verdicts were recorded.
const NOW: u64 = 946_684_800;

/// Times that overflow in Go, where they are long ago. Here they are no times.
const OVERFLOWS: [&str; 3] =
    [":9223372036854775807}", ":18446744073709551615}", ":99999999999999999999}"];

#[test]
fn verify_says_what_livekits_go_verifier_says() {
    let cases = PAYLOADS.lines().zip(VERDICTS.lines());
    let cases: Vec<_> = cases.filter(|(it, _)| !it.is_empty() && !it.starts_with('#')).collect();
    assert_eq!(PAYLOADS.lines().count(), VERDICTS.lines().count());
    assert!(cases.len() > 100, "{} cases", cases.len());
    for (payload, verdict) in cases {
        let verdict: Value = serde_json::from_str(verdict).expect(verdict);
        let token = signed(payload);
        let mut buf = vec![0; token.len() * 3 / 2];
        let seen = verify(&token, SECRET, NOW, &mut buf).map(|it| it.claims);
        match (verdict["error"].as_str(), seen) {
            (None, Ok(seen)) => agree(payload, &seen, &verdict),
            (Some("malformed"), Err(VerifyError::Malformed)) => {}
            (Some("expired"), Err(VerifyError::Expired { .. })) => {}
            (Some("not valid yet"), Err(VerifyError::NotYetValid { .. })) => {}
            (Some("expired"), Err(VerifyError::Malformed))
                if OVERFLOWS.iter().any(|it| payload.ends_with(it)) => {}
            (_, seen) => panic!("{payload}: {seen:?}, for LiveKit {verdict}"),
        }
    }
}

fn signed(payload: &str) -> String {
    let encode = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    let signed = format!("{}.{}", encode(br#"{"alg":"HS256"}"#), encode(payload.as_bytes()));
    let mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("any length will do");
    format!("{signed}.{}", encode(&mac.chain_update(&signed).finalize().into_bytes()))
}

/// Fields that are left out are empty, `false` or absent, as Go's `omitempty` has it.
fn agree(payload: &str, seen: &Claims<'_>, verdict: &Value) {
    let (video, theirs) = (&seen.video, &verdict["video"]);
    for (ours, theirs) in [
        (seen.issuer, &verdict["issuer"]),
        (seen.identity, &verdict["identity"]),
        (seen.name, &verdict["name"]),
        (seen.metadata, &verdict["metadata"]),
        (video.room, &theirs["room"]),
        (video.destination_room, &theirs["destinationRoom"]),
    ] {
        assert_eq!(ours, theirs.as_str().unwrap_or_default(), "{payload}");
    }
    // Go reads times by way of f64, and those before 1970 are 0 here.
    let seconds = |value: &Value| value.as_i64().map(|it| it.max(0) as f64);
    assert_eq!(Some(seen.expires as f64), seconds(&verdict["expires"]), "{payload}");
    assert_eq!(seen.not_before.map(|it| it as f64), seconds(&verdict["not_before"]), "{payload}");
    for (ours, theirs) in [
        (video.can_publish, &theirs["canPublish"]),
        (video.can_subscribe, &theirs["canSubscribe"]),
        (video.can_publish_data, &theirs["canPublishData"]),
        (video.can_update_own_metadata, &theirs["canUpdateOwnMetadata"]),
        (video.can_subscribe_metrics, &theirs["canSubscribeMetrics"]),
        (video.can_manage_agent_session, &theirs["canManageAgentSession"]),
    ] {
        assert_eq!(ours, theirs.as_bool(), "{payload}");
    }
    for (ours, theirs) in [
        (video.room_join, &theirs["roomJoin"]),
        (video.room_admin, &theirs["roomAdmin"]),
        (video.room_create, &theirs["roomCreate"]),
        (video.room_list, &theirs["roomList"]),
        (video.room_record, &theirs["roomRecord"]),
        (video.hidden, &theirs["hidden"]),
        (video.recorder, &theirs["recorder"]),
        (video.agent, &theirs["agent"]),
        (video.ingress_admin, &theirs["ingressAdmin"]),
    ] {
        assert_eq!(ours, theirs.as_bool().unwrap_or_default(), "{payload}");
    }
    let has_sources = theirs["canPublishSources"].is_array();
    assert_eq!(video.can_publish_sources.is_some(), has_sources, "{payload}");
}
