//! Any JSON as a signed payload: `verify` accepts what Go's rules accept of what serde_json reads, with
//! the same claims, and accepts them again when they are minted anew.
#![no_main]

use std::collections::BTreeMap;
use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, Mac};
use libfuzzer_sys::fuzz_target;
use livekit_micro::token::{Claims, MintError, VerifyError, mint, verify};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use sha2::Sha256;

const SECRET: &[u8] = b"secret";

fuzz_target!(|input: &[u8]| {
    if let Ok(text) = core::str::from_utf8(input) {
        let mut buf = vec![0; 2 * text.len()];
        assert!(verify(text, SECRET, 0, &mut buf).is_err(), "it is not signed");
    }
    let token = signed(input);
    let mut buf = vec![0; token.len() * 3 / 2];
    let seen = match verify(&token, SECRET, 0, &mut buf) {
        Ok(verified) => Ok(verified.claims),
        Err(VerifyError::Malformed) => Err(()),
        Err(VerifyError::NotYetValid { .. }) => return,
        // The buffer is large enough, the token is signed, and no time is before 1970.
        Err(error) => panic!("{error}"),
    };
    compare(input, seen);

    let Ok(seen) = seen else { return };
    let mut again = vec![0; 12 * input.len() + 512];
    let token = match mint(&seen, SECRET, &mut again) {
        Ok(token) => token,
        Err(MintError::Empty { field: "identity" | "room" }) => return,
        Err(error) => panic!("{error}"),
    };
    let mut buf = vec![0; 2 * token.len()];
    assert_eq!(verify(token, SECRET, 0, &mut buf).map(|it| it.claims), Ok(seen));
});

fn signed(json: &[u8]) -> String {
    let encode = Base64UrlUnpadded::encode_string;
    let signed = format!("{}.{}", encode(br#"{"alg":"HS256"}"#), encode(json));
    let mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("any length will do");
    format!("{signed}.{}", encode(&mac.chain_update(&signed).finalize().into_bytes()))
}

fn compare(input: &[u8], seen: Result<Claims<'_>, ()>) {
    let json: Json = match serde_json::from_slice(input) {
        Ok(json) => json,
        // serde_json refuses half a surrogate pair and what is beyond f64.
        Err(_) if input.windows(3).any(|it| it.eq_ignore_ascii_case(b"\\ud")) => return,
        Err(error) if error.to_string().starts_with("number out of range") => return,
        Err(_) => return assert!(seen.is_err(), "it is not JSON"),
    };
    if json.depth() > 20 {
        return;
    }
    let mut claims = Members::new();
    let is_read = matches!(&json, Json::Object(it) if read(it, &CLAIMS, &mut claims).is_some());
    let is_valid = is_read && claims.contains_key("exp") && !string(&claims, "iss").is_empty();
    assert_eq!(seen.is_ok(), is_valid, "{json:?}");
    if let Ok(seen) = seen {
        agree(&seen, &claims);
    }
}

fn agree(seen: &Claims<'_>, claims: &Members) {
    let video = match claims.get("video") {
        Some(Value::Members(members)) => members.clone(),
        _ => Members::new(),
    };
    let identity = match string(claims, "sub") {
        "" => string(claims, "jti"),
        identity => identity,
    };
    assert_eq!(seen.issuer, string(claims, "iss"));
    assert_eq!(seen.identity, identity);
    assert_eq!(seen.name, string(claims, "name"));
    assert_eq!(seen.metadata, string(claims, "metadata"));
    assert_eq!(seen.video.room, string(&video, "room"));
    assert_eq!(seen.video.destination_room, string(&video, "destinationroom"));
    for (ours, theirs) in [(Some(seen.expires), "exp"), (seen.not_before, "nbf")] {
        match (ours, claims.get(theirs)) {
            // As far as f64 is exact.
            (Some(ours), Some(Value::Seconds(it))) => {
                assert!(ours.abs_diff(*it) <= 1 + (ours >> 51), "{ours} {it}");
            }
            (None, None) => {}
            (ours, theirs) => panic!("{ours:?} {theirs:?}"),
        }
    }
    for (ours, theirs) in [
        (seen.video.can_publish, "canpublish"),
        (seen.video.can_subscribe, "cansubscribe"),
        (seen.video.can_publish_data, "canpublishdata"),
        (seen.video.can_update_own_metadata, "canupdateownmetadata"),
        (seen.video.can_subscribe_metrics, "cansubscribemetrics"),
        (seen.video.can_manage_agent_session, "canmanageagentsession"),
        (seen.video.room_join.then_some(true), "roomjoin"),
        (seen.video.room_admin.then_some(true), "roomadmin"),
        (seen.video.room_create.then_some(true), "roomcreate"),
        (seen.video.room_list.then_some(true), "roomlist"),
        (seen.video.room_record.then_some(true), "roomrecord"),
        (seen.video.hidden.then_some(true), "hidden"),
        (seen.video.recorder.then_some(true), "recorder"),
        (seen.video.agent.then_some(true), "agent"),
        (seen.video.ingress_admin.then_some(true), "ingressadmin"),
    ] {
        let bool = match video.get(theirs) {
            Some(Value::Bool(bool)) => Some(*bool),
            _ => None,
        };
        let is_optional = theirs.starts_with("can");
        assert_eq!(ours, bool.filter(|it| is_optional || *it), "{theirs}");
    }
    assert_eq!(seen.video.can_publish_sources.is_some(), video.contains_key("canpublishsources"));
}

// ---- Go's rules, on JSON that serde_json has read ---------------------------------------------

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    String,
    Bool,
    Optional,
    Time,
    Sources,
    Video,
}

const CLAIMS: [(&str, Kind); 9] = [
    ("iss", Kind::String),
    ("sub", Kind::String),
    ("jti", Kind::String),
    ("exp", Kind::Time),
    ("nbf", Kind::Time),
    ("iat", Kind::Time),
    ("name", Kind::String),
    ("metadata", Kind::String),
    ("video", Kind::Video),
];
const VIDEO: [(&str, Kind); 16] = [
    ("room", Kind::String),
    ("destinationroom", Kind::String),
    ("roomjoin", Kind::Bool),
    ("roomadmin", Kind::Bool),
    ("roomcreate", Kind::Bool),
    ("roomlist", Kind::Bool),
    ("roomrecord", Kind::Bool),
    ("hidden", Kind::Bool),
    ("recorder", Kind::Bool),
    ("agent", Kind::Bool),
    ("ingressadmin", Kind::Bool),
    ("canpublish", Kind::Optional),
    ("cansubscribe", Kind::Optional),
    ("canpublishdata", Kind::Optional),
    ("canupdateownmetadata", Kind::Optional),
    ("canpublishsources", Kind::Sources),
];

type Members = BTreeMap<&'static str, Value>;

#[derive(Clone, Debug)]
enum Value {
    String(String),
    Bool(bool),
    Seconds(u64),
    Sources,
    Members(Members),
}

fn string<'a>(members: &'a Members, name: &str) -> &'a str {
    match members.get(name) {
        Some(Value::String(text)) => text,
        _ => "",
    }
}

/// Reads the members of an object one after the other, over those that were there.
fn read(object: &[(String, Json)], table: &[(&'static str, Kind)], to: &mut Members) -> Option<()> {
    for (key, json) in object {
        let key: String = key.chars().map(fold).collect();
        let Some((name, kind)) = table.iter().find(|(name, _)| *name == key) else { continue };
        let value = match (kind, json) {
            (Kind::String | Kind::Bool, Json::Null) => continue,
            (_, Json::Null) => {
                to.remove(name);
                continue;
            }
            (Kind::String, Json::String(text)) => Value::String(text.clone()),
            (Kind::Bool | Kind::Optional, Json::Bool(bool)) => Value::Bool(*bool),
            (Kind::Time, Json::Number(number)) => Value::Seconds(seconds(number)?),
            (Kind::Time, Json::String(text)) if text.trim() == text => {
                Value::Seconds(seconds(&serde_json::from_str(text).ok()?)?)
            }
            (Kind::Sources, Json::Array(items)) => {
                if items.iter().any(|it| !matches!(it, Json::String(_) | Json::Null)) {
                    return None;
                }
                if items.is_empty() {
                    to.remove(name);
                    continue;
                }
                Value::Sources
            }
            (Kind::Video, Json::Object(object)) => {
                let mut video = match to.remove(name) {
                    Some(Value::Members(video)) => video,
                    _ => Members::new(),
                };
                read(object, &VIDEO, &mut video)?;
                Value::Members(video)
            }
            _ => return None,
        };
        to.insert(name, value);
    }
    Some(())
}

fn fold(char: char) -> char {
    match char {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    }
}

fn seconds(number: &Number) -> Option<u64> {
    let seconds = match (number.as_u64(), number.as_f64()?) {
        (Some(exact), _) => exact,
        (None, float) => float.max(0.0) as u64,
    };
    (seconds <= i64::MAX as u64 - 62_135_596_800).then_some(seconds)
}

/// JSON with all members of an object, in their order.
#[derive(Debug)]
enum Json {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    fn depth(&self) -> usize {
        1 + match self {
            Self::Array(items) => items.iter().map(Self::depth).max().unwrap_or(0),
            Self::Object(members) => members.iter().map(|it| it.1.depth()).max().unwrap_or(0),
            _ => 0,
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Json;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
                Ok(Json::Bool(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
                Ok(Json::Number(value.into()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
                Ok(Json::Number(value.into()))
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
                Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("not finite"))
            }
            fn visit_str<E>(self, value: &str) -> Result<Json, E> {
                Ok(Json::String(value.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
                let mut all = Vec::new();
                while let Some(item) = items.next_element()? {
                    all.push(item);
                }
                Ok(Json::Array(all))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
                let mut all = Vec::new();
                while let Some(member) = members.next_entry()? {
                    all.push(member);
                }
                Ok(Json::Object(all))
            }
        }
        deserializer.deserialize_any(Any)
    }
}
