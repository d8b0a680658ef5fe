//! Tokens, both ways with LiveKit's own Rust crate; with Python and the server in `.ci/run e2e`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, Mac};
use livekit_api::access_token as theirs;
use livekit_micro::token::{Claims, MintError, Sources, VerifyError, VideoGrant, mint, verify};
use serde_json::{Value, json};
use sha2::Sha256;

const KEY: &str = "devkey";
const SECRET: &str = "devsecret-devsecret-devsecret-0123456789";

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

fn claims<'a>() -> Claims<'a> {
    Claims { identity: "sensor-7", video: VideoGrant::join("lab"), ..Claims::new(KEY, now() + 600) }
}

fn minted(claims: &Claims<'_>) -> String {
    let mut buf = [0; 2048];
    mint(claims, SECRET.as_bytes(), &mut buf).expect("it fits").to_owned()
}

fn check<'b>(token: &str, buf: &'b mut [u8]) -> Result<Claims<'b>, VerifyError> {
    verify(token, SECRET.as_bytes(), now(), buf).map(|it| it.claims)
}

/// Strings that have to be escaped, that need not be, and that other minters escape.
const TEXTS: [&str; 6] = [
    "plain",
    "a \"quoted\" name",
    "back\\slash",
    "tab\tline\nnul\0\x10\x1f",
    "Zoë 温度 🌡",
    "</script>",
];

#[test]
fn livekits_own_crate_reads_what_is_minted() {
    let verifier = theirs::TokenVerifier::with_api_key(KEY, SECRET);
    for text in TEXTS {
        let attributes = [("place", text), (text, "1"), ("empty", "")];
        let token = minted(&Claims {
            identity: text,
            name: text,
            metadata: text,
            attributes: &attributes,
            not_before: Some(now()),
            video: VideoGrant {
                room: text,
                room_join: true,
                can_publish: Some(false),
                can_publish_data: Some(true),
                can_publish_sources: Some(Sources::CAMERA | Sources::SCREEN_SHARE),
                can_update_own_metadata: Some(true),
                ..VideoGrant::NONE
            },
            ..claims()
        });
        let seen = verifier.verify(&token).expect("it is accepted");
        assert_eq!((seen.iss.as_str(), seen.sub.as_str()), (KEY, text));
        assert_eq!((seen.name.as_str(), seen.metadata.as_str()), (text, text));
        let mut seen_attributes: Vec<_> =
            seen.attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let mut expected = attributes.to_vec();
        seen_attributes.sort();
        expected.sort();
        assert_eq!(seen_attributes, expected);
        let video = seen.video;
        assert_eq!((video.room.as_str(), video.room_join, video.room_admin), (text, true, false));
        assert_eq!((video.can_publish, video.can_publish_data), (Some(false), Some(true)));
        assert_eq!((video.can_subscribe, video.can_update_own_metadata), (None, Some(true)));
        assert_eq!(video.can_publish_sources, ["camera", "screen_share"]);
    }
}

#[test]
fn every_grant_has_livekits_name() {
    let video = VideoGrant {
        room: "lab",
        room_join: true,
        room_admin: true,
        room_create: true,
        room_list: true,
        room_record: true,
        can_publish: Some(true),
        can_subscribe: Some(false),
        can_publish_data: Some(true),
        can_publish_sources: Some(Sources::MICROPHONE),
        can_update_own_metadata: Some(false),
        can_subscribe_metrics: Some(true),
        can_manage_agent_session: Some(false),
        hidden: true,
        recorder: true,
        agent: true,
        ingress_admin: true,
        destination_room: "other",
    };
    let token = minted(&Claims { video, ..claims() });
    // As LiveKit's Go package `auth` declares them.
    let expected = json!({
        "room": "lab", "destinationRoom": "other",
        "roomJoin": true, "roomAdmin": true, "roomCreate": true, "roomList": true, "roomRecord": true,
        "canPublish": true, "canSubscribe": false, "canPublishData": true,
        "canPublishSources": ["microphone"],
        "canUpdateOwnMetadata": false, "canSubscribeMetrics": true, "canManageAgentSession": false,
        "hidden": true, "recorder": true, "agent": true, "ingressAdmin": true,
    });
    assert_eq!(payload(&token)["video"], expected);
    assert_eq!(check(&token, &mut [0; 1024]).expect("it is accepted").video, video);

    for (grant, expected) in [
        (VideoGrant::join("lab"), json!({ "room": "lab", "roomJoin": true })),
        (VideoGrant::admin("lab"), json!({ "room": "lab", "roomJoin": false, "roomAdmin": true })),
    ] {
        let token = minted(&Claims { video: grant, ..claims() });
        assert_eq!(payload(&token)["video"], expected);
    }
}

#[test]
fn sources_are_a_set() {
    let camera = Sources::CAMERA;
    assert_eq!(camera | camera, camera);
    assert!(
        (camera | Sources::MICROPHONE).contains(camera) && !camera.contains(Sources::MICROPHONE)
    );
}

#[test]
fn errors_say_what_happened_and_which_value() {
    for (error, text) in [
        (MintError::Empty { field: "issuer" }.to_string(), "issuer must not be empty"),
        (
            MintError::Empty { field: "room" }.to_string(),
            "room must not be empty in a token for joining a room",
        ),
        (
            MintError::TooLate { field: "expires", max: 9 }.to_string(),
            "expires must not be after 9",
        ),
        (
            MintError::BufferTooSmall { needed: 9, available: 8 }.to_string(),
            "the token takes 9 bytes, the buffer has 8",
        ),
        (VerifyError::Malformed.to_string(), "not a valid LiveKit token"),
        (VerifyError::Algorithm.to_string(), "the token is not signed by HS256"),
        (VerifyError::Empty { field: "secret" }.to_string(), "secret must not be empty"),
        (VerifyError::Signature.to_string(), "the token is signed with another secret, or altered"),
        (VerifyError::Expired { at: 7 }.to_string(), "the token expired at 7"),
        (VerifyError::NotYetValid { at: 7 }.to_string(), "the token is not valid before 7"),
        (
            VerifyError::BufferTooSmall { needed: 9, available: 8 }.to_string(),
            "the claims take 9 bytes, the buffer has 8",
        ),
    ] {
        assert_eq!(error, text);
    }
}

/// The JSON that is signed.
fn payload(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("three parts");
    let json = Base64UrlUnpadded::decode_vec(payload).expect("base64url");
    serde_json::from_slice(&json).expect("JSON")
}

#[test]
fn verify_reads_what_livekits_own_crate_mints() {
    for text in TEXTS {
        let token = theirs::AccessToken::with_api_key(KEY, SECRET)
            .with_ttl(Duration::from_secs(600))
            .with_identity(text)
            .with_name(text)
            .with_metadata(text)
            .with_attributes([("place", text)])
            .with_grants(theirs::VideoGrants {
                room: text.to_owned(),
                room_admin: true,
                can_publish: Some(false),
                can_publish_sources: vec!["microphone".to_owned(), "hologram".to_owned()],
                ..Default::default()
            })
            .to_jwt()
            .expect("a token");
        let mut buf = [0; 4096];
        let seen = check(&token, &mut buf).expect("it is accepted");
        assert_eq!((seen.issuer, seen.identity), (KEY, text));
        assert_eq!((seen.name, seen.metadata), (text, text));
        assert!(seen.expires.abs_diff(now() + 600) <= 1);
        let video = seen.video;
        assert_eq!((video.room, video.room_admin, video.room_join), (text, true, false));
        assert_eq!((video.can_publish, video.can_subscribe), (Some(false), None));
        // An unknown source is not granted.
        assert_eq!(video.can_publish_sources, Some(Sources::MICROPHONE));
    }
}

#[test]
fn times_have_a_minute_of_leeway() {
    let now = now();
    let mut buf = [0; 512];
    for (expires, not_before, expected) in [
        (now + 1, None, Ok(())),
        (now - 59, None, Ok(())),
        (now - 60, None, Err(VerifyError::Expired { at: now - 60 })),
        (now - 70, None, Err(VerifyError::Expired { at: now - 70 })),
        (now + 600, Some(now + 60), Ok(())),
        (now + 600, Some(now + 61), Err(VerifyError::NotYetValid { at: now + 61 })),
        (now + 600, Some(now + 70), Err(VerifyError::NotYetValid { at: now + 70 })),
    ] {
        let token = minted(&Claims { expires, not_before, ..claims() });
        assert_eq!(verify(&token, SECRET.as_bytes(), now, &mut buf).map(drop), expected);
    }
}

#[test]
fn a_token_that_is_altered_or_signed_otherwise_is_refused() {
    let mut buf = [0; 512];
    let token = minted(&claims());
    let other = verify(&token, b"another secret", now(), &mut buf);
    assert_eq!(other, Err(VerifyError::Signature));
    for at in 0..token.len() {
        let mut altered = token.clone().into_bytes();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).expect("ASCII");
        assert!(check(&altered, &mut buf).is_err(), "altered at {at}");
        assert!(check(&token[..at], &mut buf).is_err(), "cut at {at}");
    }
    // The last letter has two bits that are none of the signature's: they have to be zero.
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let good = letters.iter().filter(|&&letter| {
        let altered = format!("{}{}", &token[..token.len() - 1], char::from(letter));
        check(&altered, &mut buf).is_ok()
    });
    assert_eq!(good.count(), 1);
    let forged = signed_with(b"", r#"{"iss":"devkey","exp":9999999999}"#);
    let error = VerifyError::Empty { field: "secret" };
    assert_eq!(verify(&forged, b"", now(), &mut buf), Err(error));
    let (_, rest) = token.split_once('.').unwrap();
    for (head, error) in [
        ("eyJhbGciOiJub25lIn0", VerifyError::Algorithm), // {"alg":"none"}
        ("eyJhbGciOiJIUzUxMiJ9", VerifyError::Algorithm), // {"alg":"HS512"}
        ("eyJ0eXAiOiJKV1QifQ", VerifyError::Malformed),  // {"typ":"JWT"}
        ("eyJhbGciOiJIUzI1NiJ9eA", VerifyError::Malformed), // {"alg":"HS256"}x
        ("eyJhbGciOiJIUzI1NiIsImNyaXQiOlsieCJdfQ", VerifyError::Malformed), // {"alg":"HS256","crit":["x"]}
        ("eyJBTEciOiJIUzI1NiJ9", VerifyError::Malformed),                   // {"ALG":"HS256"}
        ("!", VerifyError::Malformed),
    ] {
        assert_eq!(check(&format!("{head}.{rest}"), &mut buf), Err(error));
    }
    for text in ["", ".", "..", "a.b.c", "🌡.🌡.🌡"] {
        assert_eq!(check(text, &mut buf), Err(VerifyError::Malformed), "{text}");
    }
}

#[test]
fn a_buffer_that_is_too_small_is_an_error_with_the_bytes_needed() {
    let claims = Claims { metadata: TEXTS[1], ..claims() };
    let mut buf = [0; 1024];
    let needed = mint(&claims, SECRET.as_bytes(), &mut buf).unwrap().len();
    for available in 0..needed {
        let error = MintError::BufferTooSmall { needed, available };
        assert_eq!(mint(&claims, SECRET.as_bytes(), &mut buf[..available]), Err(error));
    }
    let token = mint(&claims, SECRET.as_bytes(), &mut buf[..needed]).unwrap().to_owned();
    let Err(VerifyError::BufferTooSmall { needed, .. }) = check(&token, &mut [0; 10]) else {
        panic!()
    };
    assert_eq!(check(&token, &mut vec![0; needed]), Ok(claims));
    assert_eq!(check(&token, &mut vec![0; token.len() * 3 / 2]), Ok(claims));
}

#[test]
fn a_token_without_issuer_or_secret_is_not_minted() {
    let mut buf = [0; 512];
    let error = Err(MintError::Empty { field: "secret" });
    assert_eq!(mint(&claims(), b"", &mut buf), error);
    let without_issuer = Claims { issuer: "", ..claims() };
    assert_eq!(mint(&without_issuer, b"x", &mut buf), Err(MintError::Empty { field: "issuer" }));
}

#[test]
fn a_token_for_joining_needs_an_identity_and_a_room_as_for_livekits_own_crate() {
    for (identity, room, missing) in
        [("sensor-7", "lab", None), ("", "lab", Some("identity")), ("sensor-7", "", Some("room"))]
    {
        let ours = Claims { identity, video: VideoGrant::join(room), ..claims() };
        let mut buf = [0; 512];
        let minted = mint(&ours, SECRET.as_bytes(), &mut buf);
        assert_eq!(minted.err(), missing.map(|field| MintError::Empty { field }));

        let grants =
            theirs::VideoGrants { room: room.into(), room_join: true, ..Default::default() };
        let theirs = theirs::AccessToken::with_api_key(KEY, SECRET)
            .with_identity(identity)
            .with_grants(grants)
            .to_jwt();
        assert_eq!(theirs.is_err(), missing.is_some());
    }
    // A token that only calls the server's API needs none.
    let admin = Claims { identity: "", video: VideoGrant::admin("lab"), ..claims() };
    mint(&admin, SECRET.as_bytes(), &mut [0; 512]).expect("it needs no identity");
}

#[test]
fn a_time_that_overflows_on_the_server_is_not_minted() {
    let mut buf = [0; 512];
    let max = 9_223_371_974_719_179_007;
    for seconds in [max + 1, u64::MAX] {
        let error = Err(MintError::TooLate { field: "expires", max });
        let claims = Claims { expires: seconds, ..claims() };
        assert_eq!(mint(&claims, SECRET.as_bytes(), &mut buf), error);
        let error = Err(MintError::TooLate { field: "not_before", max });
        let claims = Claims { not_before: Some(seconds), expires: max, ..claims };
        assert_eq!(mint(&claims, SECRET.as_bytes(), &mut buf), error);
    }
    let token = minted(&Claims { expires: max, ..claims() });
    assert_eq!(check(&token, &mut buf).map(|it| it.expires), Ok(max));
}

#[test]
fn debug_redacts_name_and_metadata() {
    let private = Claims { name: "Zoë", metadata: "private", ..claims() };
    let token = minted(&private);
    let mut buf = [0; 1024];
    let seen = verify(&token, SECRET.as_bytes(), now(), &mut buf).expect("it is accepted");
    for text in [format!("{private:?}"), format!("{seen:?}")] {
        assert!(
            text.contains("sensor-7") && !text.contains("Zoë") && !text.contains("private"),
            "{text}"
        );
    }
}

/// Signs `json`, valid or not.
fn signed(json: &str) -> String {
    signed_with(SECRET.as_bytes(), json)
}

fn signed_with(secret: &[u8], json: &str) -> String {
    let part = |text: &[u8]| Base64UrlUnpadded::encode_string(text);
    let head = format!("{}.{}", part(br#"{"typ":"JWT","alg":"HS256"}"#), part(json.as_bytes()));
    let mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key");
    let signature = mac.chain_update(&head).finalize().into_bytes();
    format!("{head}.{}", part(&signature))
}

#[test]
fn json_with_escapes_and_unknown_claims_is_read() {
    let now = now();
    let json = format!(
        r#" {{ "video" : {{"room":"\u006cab\/\ud83c\udf21", "roomAdmin":true, "canPublish":null, "later":[1,{{"a":[]}}]}},
            "more": [[], {{}}, -1.5e+3, "\"]}}", null, false], "sub":"\u0422\b\f\n\r\t\\", "iss":"k", "exp" : {now} }}"#
    );
    let mut buf = [0; 1024];
    let seen = check(&signed(&json), &mut buf).expect("it is accepted");
    assert_eq!((seen.video.room, seen.video.room_admin), ("lab/🌡", true));
    assert_eq!((seen.identity, seen.expires), ("Т\u{8}\u{c}\n\r\t\\", now));

    let sources = |list: &str| {
        let json = format!(r#"{{"iss":"k","exp":{now},"video":{{"canPublishSources":{list}}}}}"#);
        let mut buf = [0; 1024];
        check(&signed(&json), &mut buf).map(|it| it.video.can_publish_sources)
    };
    assert_eq!(sources("[]"), Ok(None)); // as servers read it
    assert_eq!(sources("null"), Ok(None));
    let Ok(Some(none)) = sources(r#"["hologram"]"#) else { panic!() };
    assert!(!none.contains(Sources::CAMERA));
    // A list that grants nothing does not grant everything when it is minted again.
    let video = VideoGrant { can_publish_sources: Some(none), ..VideoGrant::join("lab") };
    let token = minted(&Claims { video, ..claims() });
    let mut buf = [0; 1024];
    assert_eq!(check(&token, &mut buf).expect("it is accepted").video, video);
}

#[test]
fn malformed_json_is_refused() {
    let mut buf = [0; 4096];
    let deep = format!(r#"{{"iss":"k","exp":1,"x":{}1{}}}"#, "[".repeat(100), "]".repeat(100));
    for json in [
        "",
        "{",
        "[]",
        "{}",
        r#"{"iss":"k"}"#,
        r#"{"exp":1}"#,
        r#"{"iss":"k","exp":99999999999999999999}"#,
        r#"{"iss":"k","exp":1}x"#,
        r#"{"iss":"\x","exp":1}"#,
        r#"{"iss":"k","exp":1,}"#,
        r#"{"iss":"k" "exp":1}"#,
        r#"{"iss":"k","exp":1,"video":{"roomAdmin":1}}"#,
        deep.as_str(),
    ] {
        assert_eq!(check(&signed(json), &mut buf), Err(VerifyError::Malformed), "{json}");
    }
    // Random changes to valid JSON never cause a panic.
    fastrand::seed(4);
    let good = r#"{"iss":"k","exp":9999999999,"sub":"\u0041\n","video":{"room":"lab","canPublishSources":["camera"]},"x":[1,{"a":null}]}"#;
    for _ in 0..5_000 {
        let mut bytes = good.as_bytes().to_vec();
        for _ in 0..fastrand::usize(1..4) {
            let at = fastrand::usize(..bytes.len());
            match fastrand::choice(*b"\"\\{}[],:u019ae ") {
                Some(byte) if fastrand::bool() => bytes[at] = byte,
                _ => bytes.truncate(at.max(1)),
            }
        }
        let _ = check(&signed(core::str::from_utf8(&bytes).expect("ASCII")), &mut buf);
    }
}
