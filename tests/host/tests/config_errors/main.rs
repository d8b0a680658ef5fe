//! Real builds of a copy of this package: each configuration mistake stops one with its own message,
//! each valid setting changes what is built, and rustc names the feature of a message that is off.

#![cfg(feature = "full")]

mod mistakes;
mod package;

use mistakes::MISTAKES;
use package::Package;

#[test]
fn each_mistake_stops_the_build_with_its_own_message() {
    let package = Package::copy();
    for mistake in MISTAKES {
        let name = mistake.name;
        let environment = mistake.change.make(&package);
        let output = package.build(&environment);
        mistake.change.undo(&package);

        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{name}: the build went through");
        let errors: Vec<_> = stderr.lines().filter(|line| line.starts_with("error")).collect();
        let ours = concat!("error: livekit-micro@", env!("CARGO_PKG_VERSION"), ": ");
        let message = mistake.message.replace("{root}", package.root());
        let expected = [&format!("{ours}{message}"), "error: build script logged errors"];
        assert_eq!(errors, expected, "{name}, in full:\n{stderr}");
        assert!(!stderr.contains("panicked"), "{name} shows a panic:\n{stderr}");
    }
    let mut messages: Vec<_> = MISTAKES.iter().map(|mistake| mistake.message).collect();
    messages.sort();
    messages.dedup();
    assert_eq!(messages.len(), MISTAKES.len(), "two mistakes share a message");
    // A line of its own, also where libtest has begun one.
    println!("\n{} mistakes, each with its own message", MISTAKES.len());
}

/// Prints what a firmware sees of the settings: two knobs, a field, and the RAM of a message.
const SIZES: &str = "
use livekit_micro::{limits, owned::UserPacket};

fn main() {
    let field = limits::fields::user_packet::PAYLOAD_BYTES;
    println!(
        \"{} {} {field} {}\",
        limits::PAYLOAD_BYTES,
        limits::TOPIC_BYTES,
        size_of::<UserPacket>(),
    );
}
";

#[test]
fn settings_reach_the_crate() {
    let package = Package::copy();
    let sizes = |environment: &[(&str, &str)]| package.run(SIZES, environment);
    let expected = |payload: usize, topic: usize, field: usize| {
        // Of all that is in a UserPacket these two settings change the payload and the topic.
        let plain = size_of::<livekit_micro::owned::UserPacket>()
            - livekit_micro::limits::fields::user_packet::PAYLOAD_BYTES
            - livekit_micro::limits::fields::user_packet::TOPIC_BYTES;
        format!("{payload} {topic} {field} {}\n", plain + field + topic)
    };
    assert_eq!(sizes(&[]), expected(1024, 32, 1024), "defaults");
    assert_eq!(
        sizes(&[("LIVEKIT_MICRO_PAYLOAD_BYTES", "2048")]),
        expected(2048, 32, 2048),
        "a knob from the environment"
    );

    package.write(".cargo/config.toml", "[env]\nLIVEKIT_MICRO_TOPIC_BYTES = \"64\"\n");
    assert_eq!(sizes(&[]), expected(1024, 64, 1024), "a knob from [env], the other back again");

    package.write(
        ".cargo/config.toml",
        "[env]\nLIVEKIT_MICRO_LIMITS = { value = \"limits.toml\", relative = true }\n",
    );
    package.write("limits.toml", "\"livekit.UserPacket.payload\" = { bytes = 0x1_00 }\n");
    assert_eq!(sizes(&[]), expected(1024, 32, 256), "one field from the TOML file");
    package.write("limits.toml", "\"livekit.UserPacket.payload\" = { bytes = 512 }\n");
    assert_eq!(sizes(&[]), expected(1024, 32, 512), "the TOML file was edited");

    package.write("limits.toml", "\"livekit.ChatMessage.edit_timestamp\" = \"drop\"\n");
    assert_eq!(package.run(WITHOUT_A_FIELD, &[]), "its field 3 is skipped, text is kept\n");
    package.remove(".cargo/config.toml");
}

#[test]
fn both_ends_of_a_range_are_accepted() {
    let package = Package::copy();
    let file = format!("{}/limits.toml", package.root());
    for (payload, topic, field) in [("16", "4", "1"), ("65535", "256", "1048576")] {
        package.write(
            "limits.toml",
            &format!("\"livekit.ChatMessage.message\" = {{ bytes = {field} }}"),
        );
        let environment = [
            ("LIVEKIT_MICRO_PAYLOAD_BYTES", payload),
            ("LIVEKIT_MICRO_TOPIC_BYTES", topic),
            ("LIVEKIT_MICRO_LIMITS", &file),
        ];
        let expected = format!("{payload} {topic} {field}\n");
        assert_eq!(package.run(ENDS, &environment), expected);
    }
}

const ENDS: &str = "
use livekit_micro::limits;

fn main() {
    let field = limits::fields::chat_message::MESSAGE_BYTES;
    println!(\"{} {} {field}\", limits::PAYLOAD_BYTES, limits::TOPIC_BYTES);
}
";

/// Cargo runs a build script again only for variables that it was told of, which a misspelled one is
/// not: the script watches cargo's configuration.
#[test]
fn a_misspelled_knob_is_an_error_in_a_tree_that_is_already_built() {
    let package = Package::copy();
    let config = |knob| format!("[env]\n{knob} = \"8\"\n");
    package.write(".cargo/config.toml", &config("LIVEKIT_MICRO_TOPIC_BYTES"));
    assert!(package.build_again().status.success(), "the knob is spelled right");

    package.write(".cargo/config.toml", &config("LIVEKIT_MICRO_TOPICS_BYTES"));
    let output = package.build_again();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "the build succeeded");
    let message =
        "LIVEKIT_MICRO_TOPICS_BYTES cannot be set; did you mean LIVEKIT_MICRO_TOPIC_BYTES?";
    assert!(stderr.contains(message), "{stderr}");

    package.remove(".cargo/config.toml");
    assert!(package.build_again().status.success(), "the knob is gone");
}

/// A configuration that does not change must not cause a build.
#[test]
fn a_tree_that_is_already_built_is_not_built_again() {
    let package = Package::copy();
    package.write(".cargo/config.toml", "[env]\nLIVEKIT_MICRO_TOPIC_BYTES = \"64\"\n");
    assert!(package.build_again().status.success());
    let output = package.build_again();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("Compiling"), "{stderr}");
    package.remove(".cargo/config.toml");
}

/// The features are off in the copy: `data` is the only one.
#[test]
fn rustc_names_the_feature_of_a_message_that_is_off() {
    let package = Package::copy();
    for (path, feature) in [
        ("borrowed::SignalResponse", "rtc"),
        ("owned::SignalResponse", "rtc"),
        ("owned::signal_response::Message", "rtc"),
        ("owned::TrackType", "models"),
        ("borrowed::EgressInfo", "egress"),
        ("borrowed::egress_info::Request", "egress"),
    ] {
        let stderr = package.fail(&format!("use livekit_micro::{path};\nfn main() {{}}\n"));
        assert!(stderr.contains("found an item that was configured out"), "{path}:\n{stderr}");
        let message = format!("the item is gated behind the `{feature}` feature");
        assert!(stderr.contains(&message), "{path}:\n{stderr}");
    }
    // Several files share this package: rustc quotes the condition.
    let stderr = package.fail("use livekit_micro::owned::agent::Anything;\nfn main() {}\n");
    assert!(stderr.contains("the item is gated here"), "{stderr}");
    assert!(stderr.contains("feature = \"agent-session\""), "{stderr}");
}

/// Compiles only if a `ChatMessage` has these fields and no `edit_timestamp`.
const WITHOUT_A_FIELD: &str = r#"
use livekit_micro::{from_bytes, owned::ChatMessage};

fn main() {
    let received = *b"\x18\x07\x22\x04text";
    let message: ChatMessage = from_bytes(&received).expect("a field left out is an unknown field");
    let ChatMessage { id: _, timestamp: _, message, deleted: _, generated: _ } = message;
    println!("its field 3 is skipped, {message} is kept");
}
"#;

#[test]
fn rustc_says_what_is_mixed_up() {
    let package = Package::copy();
    for (main, hint) in [
        (
            "let user = livekit_micro::owned::UserPacket::new();
             let _: livekit_micro::borrowed::data_packet::Value = livekit_micro::borrowed::data_packet::Value::User((&user).into());",
            "livekit_micro::borrowed",
        ),
        (
            "let _ = livekit_micro::validate(&livekit_micro::owned::UserPacket::new());",
            "an owned message is checked when it is decoded and needs no `validate`",
        ),
        (
            "let _ = livekit_micro::to_slice(&5u32, &mut []);",
            "`u32` is not a message of livekit-micro that can be encoded",
        ),
        (
            "let _ = livekit_micro::from_bytes::<u32>(&[]);",
            "`u32` is not a message of livekit-micro that can be decoded",
        ),
    ] {
        let stderr = package.fail(&format!("fn main() {{\n{main}\n}}\n"));
        assert!(stderr.contains(hint), "{main}:\n{stderr}");
    }
}
