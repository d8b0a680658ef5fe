//! What an SDK of the oldest release in use, 1.1.5, says means the same in ours, and the reverse.

use schema::diff;

use crate::{pool, release};

/// All that is not compatible on the wire with 1.1.5, one by one: what, and its lines of the diff.
const INCOMPATIBLE: [(&str, &[&str]); 5] = [
    (
        "egress v2 numbers its fields anew; no device takes part in egress",
        &[
            "added livekit.AudioConfig.capture_all = 1, bool",
            "renumbered livekit.AudioConfig.routes: 1 → 2",
            "added livekit.DataConfig.capture_all = 1, bool",
            "renumbered livekit.DataConfig.selectors: 1 → 2",
            "removed livekit.DataSelector.topic = 3, string in oneof match",
            "removed livekit.MediaSource.data = 4, livekit.DataConfig",
        ],
    ),
    (
        "DataTrackExtensionID: number 1 means another extension now",
        &[
            "added livekit.DataTrackExtensionID.DTEI_E2EE = 1",
            "renumbered livekit.DataTrackExtensionID.DTEI_PARTICIPANT_SID: 1 → 255",
        ],
    ),
    (
        "SIP.TransferSIPParticipant answers with a message; who expects Empty skips its fields",
        &["retyped livekit.SIP.TransferSIPParticipant: \
             (livekit.TransferSIPParticipantRequest) returns (google.protobuf.Empty) → \
             (livekit.TransferSIPParticipantRequest) returns (livekit.TransferSIPParticipantResponse)"],
    ),
    (
        "logger's options have other numbers; they are in descriptors only, in no message",
        &[
            "renumbered extension logger.name: 91843 → 1287",
            "renumbered extension logger.redact_format: 91842 → 1286",
            "removed extension logger.redact = 91841, bool",
        ],
    ),
    (
        "UpdateEgressRequest is gone; no rpc took it",
        &["removed message livekit.UpdateEgressRequest"],
    ),
];

#[test]
fn all_but_what_is_named_is_compatible_with_1_1_5() {
    let mut changes = diff::changes(&release("1.1.5"), &pool("protocol/livekit.binpb"));
    for (name, lines) in INCOMPATIBLE {
        for line in lines {
            let index = changes.iter().position(|change| change == line);
            let index = index.unwrap_or_else(|| panic!("{name}: the diff does not say {line:?}"));
            changes.remove(index);
        }
    }
    // What is new is skipped by those who do not know it, and what is deprecated is still there.
    let harmless =
        |change: &String| change.starts_with("added ") || change.starts_with("deprecated ");
    let (harmless, rest): (Vec<_>, Vec<_>) = changes.into_iter().partition(harmless);
    assert!(rest.is_empty(), "not compatible with 1.1.5, and not named here: {rest:#?}");
    println!(
        "\n{} additions and deprecations since 1.1.5, {} changes that are named, nothing else",
        harmless.len(),
        INCOMPATIBLE.len()
    );
}

#[test]
fn no_added_field_or_value_takes_a_number_that_meant_something_else() {
    let (old, new) = (release("1.1.5"), pool("protocol/livekit.binpb"));
    let mut reused = Vec::new();
    for message in new.all_messages() {
        let Some(before) = old.get_message_by_name(message.full_name()) else { continue };
        for field in message.fields() {
            let then = before.get_field(field.number()).map(|then| then.name().to_owned());
            if let Some(then) = then.filter(|then| then != field.name()) {
                reused.push(format!("{} was {then}", field.full_name()));
            }
        }
    }
    for item in new.all_enums() {
        let Some(before) = old.get_enum_by_name(item.full_name()) else { continue };
        for value in item.values() {
            let then = before.get_value(value.number()).map(|then| then.name().to_owned());
            if let Some(then) = then.filter(|then| then != value.name()) {
                reused.push(format!("{}.{} was {then}", item.full_name(), value.name()));
            }
        }
    }
    reused.sort();
    let named = [
        "livekit.AudioConfig.capture_all was routes",
        "livekit.DataConfig.capture_all was selectors",
        "livekit.DataTrackExtensionID.DTEI_E2EE was DTEI_PARTICIPANT_SID",
    ];
    assert_eq!(reused, named);
}
