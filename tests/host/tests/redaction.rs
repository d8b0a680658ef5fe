//! A canary in every string and bytes field of every message: `Debug` and `defmt::Format` show those that
//! they may, and no other.
//!
//! What they must not show is known from three sides: the schema's marks as prost-reflect reads them, a
//! list written by hand, and names of fields that sound like a secret. build.rs is none of them.

#![cfg(feature = "full")]

use std::collections::BTreeSet;

use livekit_micro::logs::REDACTED;
use prost_reflect::prost::Message;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MapKey, Value};
use testkit::fits;
use testkit::peer::{FAMILIES, Logged, POOL, Peer};

/// Short enough for most fields, and not part of any field's name.
const CANARY: &str = "¡~7q~!";

/// Fields that hold a secret and that the schema does not mark.
const SECRETS: &[&str] = &[
    "livekit.AgentDB.ExportResponse.download_url",
    "livekit.AgentDB.Wire.Hello.token",
    "livekit.AnalyticsEvent.analytics_key",
    "livekit.AnalyticsStat.analytics_key",
    "livekit.ConnectTwilioCallResponse.connect_url",
    "livekit.CreateAgentResponse.presigned_url",
    "livekit.DeployAgentResponse.presigned_url",
    "livekit.JobAssignment.token",
    "livekit.RoomMovedResponse.token",
    "livekit.SignalResponse.refresh_token",
    "livekit.StreamDestination.url",
    "livekit.StreamInfo.url",
    "livekit.StreamOutput.urls",
    "livekit.UpdateStreamRequest.add_output_urls",
    "livekit.UpdateStreamRequest.remove_output_urls",
    "livekit.WebhookConfig.signing_key",
    "livekit.agent.RunningAgentJobInfo.token",
];

/// Fields of which logs show the length: what users send, and session descriptions, which hold the
/// password of a connection.
const LENGTH_ONLY: &[&str] = &[
    "livekit.DataStream.Chunk.content",
    "livekit.RpcError.data",
    "livekit.RpcRequest.payload",
    "livekit.RpcResponse.payload",
    "livekit.SendDataRequest.data",
    "livekit.SessionDescription.sdp",
    "livekit.TrickleRequest.candidateInit",
    "livekit.UserPacket.payload",
];

/// Ends of names that sound like a secret.
const SECRET_WORDS: [&str; 9] = [
    "token",
    "password",
    "secret",
    "credential",
    "credentials",
    "private_key",
    "api_key",
    "access_key",
    "pin",
];

/// Fields that sound like a secret and are none.
const HARMLESS: &[&str] = &[
    // Opaque names of a page of a list.
    "livekit.AgentDB.ListRequest.page_token",
    "livekit.AgentDB.ListResponse.next_page_token",
];

#[derive(Default, Debug)]
struct Count {
    redacted: usize,
    payloads: usize,
    shown: usize,
}

#[test]
fn logs_show_no_field_that_is_marked_and_every_other() {
    for (family, peers) in FAMILIES {
        check_family(family, peers);
    }
}

fn check_family(family: &str, peers: &[Peer]) {
    let mut count = Count::default();
    for peer in peers {
        let message = POOL.get_message_by_name(peer.name).expect("ours are the schema's");
        if fits::is_bounded_as_a_whole(&DynamicMessage::new(message.clone())) {
            continue; // JSON: it has no fields that could be marked
        }
        for field in message.fields() {
            let Some(value) = with_canary(&field) else { continue };
            let mut message = DynamicMessage::new(message.clone());
            message.set_field(&field, value);
            check(peer, &field, &message.encode_to_vec(), &mut count);
        }
    }
    println!(
        "\n{family}: {} fields marked, {} payloads, {} fields shown: all checked in Debug and in defmt",
        count.redacted, count.payloads, count.shown
    );
    assert_eq!(count.redacted, REDACTED.len(), "every redacted field was checked");
    // The canaries that are shown prove that this test would see the others too.
    assert!(count.shown > 500, "{count:?}");
}

fn check(peer: &Peer, field: &FieldDescriptor, frame: &[u8], count: &mut Count) {
    let Logged { debug, defmt } = (peer.logged)(frame).expect("a canary fits every field");
    let name = field.full_name();
    let seen_in_debug = debug.contains(CANARY);
    let seen_in_log = defmt.windows(CANARY.len()).any(|bytes| bytes == CANARY.as_bytes());
    assert_eq!(seen_in_debug, seen_in_log, "{name}: Debug and defmt differ: {debug}");
    if REDACTED.contains(&name) {
        assert!(!seen_in_debug, "{name} leaks: {debug}");
        assert!(debug.contains("<redacted ("), "{name}: {debug}");
        count.redacted += 1;
    } else if seen_in_debug {
        assert!(!LENGTH_ONLY.contains(&name), "{name} is shown: {debug}");
        assert!(!matches!(field.kind(), Kind::Bytes), "{name}: bytes are shown: {debug}");
        count.shown += 1;
    } else {
        let length = format!("<{} bytes>", CANARY.len());
        assert!(debug.contains(&length), "{name} is neither shown nor a payload: {debug}");
        count.payloads += 1;
    }
}

/// Returns a value of `field` that holds the canary; `None` if it is not text or too short for it.
fn with_canary(field: &FieldDescriptor) -> Option<Value> {
    let limit = fits::limit(field)?;
    let text = || Value::String(CANARY.into());
    if field.is_map() {
        let Kind::Message(entry) = field.kind() else { unreachable!("maps have entries") };
        let Kind::String = entry.map_entry_key_field().kind() else { return None };
        let value = match entry.map_entry_value_field().kind() {
            Kind::String => text(),
            kind => Value::default_value(&kind),
        };
        return Some(Value::Map([(MapKey::String(CANARY.into()), value)].into()));
    }
    if limit.bytes.is_none_or(|most| most < CANARY.len()) {
        return None;
    }
    let value = match field.kind() {
        Kind::String => text(),
        Kind::Bytes => Value::Bytes(CANARY.as_bytes().into()),
        _ => return None,
    };
    Some(if field.is_list() { Value::List(vec![value]) } else { value })
}

/// Every field of the schema by its full name.
fn all_fields() -> impl Iterator<Item = FieldDescriptor> {
    POOL.all_messages().flat_map(|message| message.fields().collect::<Vec<_>>())
}

/// The fields of which the test above saw that logs do not show them.
fn redacted() -> BTreeSet<String> {
    REDACTED.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn secrets_without_a_mark_are_redacted() {
    let known: BTreeSet<String> = all_fields().map(|field| field.full_name().to_owned()).collect();
    let redacted = redacted();
    for &name in SECRETS.iter().chain(LENGTH_ONLY).chain(HARMLESS) {
        assert!(known.contains(name), "{name} is not a field of the schema");
    }
    for &name in SECRETS {
        assert!(redacted.contains(name), "{name} is not redacted");
    }
}

#[test]
fn fields_that_sound_like_a_secret_are_redacted() {
    let sounds_secret = |name: &str| {
        let is_end =
            |word| name == word || name.strip_suffix(word).is_some_and(|rest| rest.ends_with('_'));
        SECRET_WORDS.into_iter().any(is_end)
    };
    let (redacted, mut count) = (redacted(), 0);
    for field in all_fields() {
        let name = field.full_name();
        let has_text = matches!(field.kind(), Kind::String | Kind::Bytes);
        if has_text && sounds_secret(field.name()) && !HARMLESS.contains(&name) {
            assert!(redacted.contains(name), "{name} is not redacted");
            count += 1;
        }
    }
    println!("\n{count} fields sound like a secret, all redacted");
    assert!(count >= 30, "{count}");
}

/// The schema's own marks, read by prost-reflect and not by our generator.
#[test]
fn all_that_the_schema_marks_is_redacted() {
    let option = POOL.get_extension_by_name("logger.sensitivity").expect("the schema has it");
    let marked: BTreeSet<String> = all_fields()
        .filter(|field| field.options().has_extension(&option))
        .map(|field| field.full_name().to_owned())
        .collect();
    let redacted = redacted();
    assert!(marked.len() > 100, "{}", marked.len());
    assert_eq!(marked.difference(&redacted).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// What a person sees.
#[test]
fn secrets_print_as_their_length() {
    use livekit_micro::borrowed;
    use livekit_micro::owned::{IceServer, UserPacket};
    let mut server = IceServer::new();
    server.username = "user".try_into().unwrap();
    server.credential = "secret".try_into().unwrap();
    assert_eq!(
        format!("{server:?}"),
        "IceServer { urls: [], username: <redacted (4 bytes)>, credential: <redacted (6 bytes)> }"
    );
    let mut packet = UserPacket::new();
    packet.payload.extend_from_slice(b"21.5").unwrap();
    packet.topic = Some("readings".try_into().unwrap());
    let text = format!("{packet:?}");
    assert!(
        text.contains(r#"payload: <4 bytes>"#) && text.contains(r#"topic: Some("readings")"#),
        "{text}"
    );
    let server =
        borrowed::IceServer { username: "user", credential: "secret", ..Default::default() };
    assert_eq!(
        format!("{server:?}"),
        "IceServer { urls: [], username: <redacted (4 bytes)>, credential: <redacted (6 bytes)> }"
    );
}

/// Logs show the length of a submessage, so that they link no decoder.
#[test]
fn submessages_print_as_their_length() {
    use livekit_micro::borrowed::{DataPacket, UserPacket, data_packet::Value};
    use livekit_micro::{from_bytes, to_slice};
    let user = UserPacket { payload: b"21.5", topic: Some("readings"), ..Default::default() };
    let built = DataPacket { value: Some(Value::User((&user).into())), ..Default::default() };
    let mut buf = [0; 64];
    let received: DataPacket = from_bytes(to_slice(&built, &mut buf).unwrap()).unwrap();
    for packet in [built, received] {
        let text = format!("{packet:?}");
        assert!(text.contains("value: Some(User(<16 bytes>))"), "{text}");
    }
}
