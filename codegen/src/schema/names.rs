//! Rust names of protobuf's elements, by the rules of the official prost crate, so that code can move
//! between the two: `SIPCallInfo` is `SipCallInfo`, `DataPacket.Kind` is
//! `data_packet::Kind`, `candidateInit` is `candidate_init`.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// A message, enum, oneof or oneof member: `SIPCallInfo` → `SipCallInfo`.
pub fn type_name(proto: &str) -> String {
    escape_type(proto.to_upper_camel_case())
}

/// The module of the types nested in a message: `SIPCallInfo` → `sip_call_info`.
pub fn module(proto: &str) -> String {
    escape(proto.to_snake_case())
}

/// A field: `candidateInit` → `candidate_init`, and `type` → `type_`, where prost has `r#type`.
pub fn field(proto: &str) -> String {
    escape(proto.to_snake_case())
}

/// The module path of a package below `owned`: `livekit` is the root, `livekit.agent` is `agent`.
pub fn package_modules(package: &str) -> Vec<String> {
    let below = match package.strip_prefix("livekit") {
        Some(rest) if rest.is_empty() || rest.starts_with('.') => rest,
        _ => package,
    };
    below.split('.').filter(|part| !part.is_empty()).map(module).collect()
}

/// `Header` of `livekit.DataStream.Header`.
pub fn last(full_name: &str) -> &str {
    full_name.rsplit('.').next().expect("names are not empty")
}

/// The module path of the message or enum `full_name` of `package`.
pub fn modules_of(full_name: &str, package: &str) -> Vec<String> {
    // Begins with a dot.
    let inside = &full_name[package.len()..];
    let mut path = package_modules(package);
    let nested = inside.rsplit_once('.').map_or("", |(outer, _)| outer);
    path.extend(nested.split('.').filter(|part| !part.is_empty()).map(module));
    path
}

/// The module path of the types nested in the message `full_name`.
pub fn own_modules(full_name: &str, package: &str) -> Vec<String> {
    let mut path = modules_of(full_name, package);
    path.push(module(last(full_name)));
    path
}

/// `livekit.DataStream.Header` → `data_stream::Header`.
pub fn path(full_name: &str, package: &str) -> String {
    let name = last(full_name);
    let mut parts = modules_of(full_name, package);
    parts.push(type_name(name));
    parts.join("::")
}

/// A value of an enum, without the enum's own name as a prefix: `SENSITIVITY_PII` → `Pii`.
pub fn enum_value(enum_name: &str, value: &str) -> String {
    let (prefix, name) = (enum_name.to_upper_camel_case(), value.to_upper_camel_case());
    match name.strip_prefix(&prefix) {
        Some(rest) if rest.starts_with(char::is_uppercase) => escape_type(rest.to_owned()),
        _ => escape_type(name),
    }
}

fn escape_type(name: String) -> String {
    match name.as_str() {
        "Self" => "Self_".to_owned(),
        name if name.starts_with(|c: char| c.is_ascii_digit()) => format!("_{name}"),
        _ => name,
    }
}

/// A keyword gets a trailing underscore: `type_` reads better than `r#type`.
fn escape(name: String) -> String {
    const KEYWORDS: &str = " abstract as async await become box break const continue crate do dyn \
        else enum extern false final fn for gen if impl in let loop macro match mod move mut \
        override priv pub ref return self static struct super trait true try type typeof unsafe \
        unsized use virtual where while yield ";
    match KEYWORDS.contains(&format!(" {name} ")) {
        true => format!("{name}_"),
        false => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_upper_camel_case_and_modules_snake_case() {
        let cases = [
            ("UserPacket", "UserPacket", "user_packet"),
            ("SIPCallInfo", "SipCallInfo", "sip_call_info"),
            ("S3Upload", "S3Upload", "s3_upload"),
            ("AzureBlobUpload", "AzureBlobUpload", "azure_blob_upload"),
            ("TURN", "Turn", "turn"),
            ("Self", "Self_", "self_"),
        ];
        for (proto, ty, inner) in cases {
            assert_eq!((type_name(proto).as_str(), module(proto).as_str()), (ty, inner));
        }
        assert_eq!(type_name("9x"), "_9x", "an identifier does not begin with a digit");
    }

    #[test]
    fn fields_are_snake_case_and_keywords_get_an_underscore() {
        for (proto, rust) in [
            ("candidateInit", "candidate_init"),
            ("type", "type_"),
            ("match", "match_"),
            ("typed", "typed"),
            ("if", "if_"),
            ("i", "i"),
        ] {
            assert_eq!(field(proto), rust);
        }
    }

    #[test]
    fn values_of_an_enum_lose_its_name_if_something_is_left() {
        for (name, value, rust) in [
            ("Sensitivity", "SENSITIVITY_PII", "Pii"),
            ("Kind", "RELIABLE", "Reliable"),
            ("Kind", "KINDNESS", "Kindness"),
            ("Kind", "KIND", "Kind"),
            ("Layout", "LAYOUT_2D", "Layout2d"),
            ("Own", "OWN_SELF", "Self_"),
        ] {
            assert_eq!(enum_value(name, value), rust, "{name} {value}");
        }
    }

    #[test]
    fn the_package_livekit_is_the_root() {
        let none: [&str; 0] = [];
        assert_eq!(package_modules("livekit"), none);
        assert_eq!(package_modules("livekit.agent"), ["agent"]);
        assert_eq!(package_modules("google.protobuf"), ["google", "protobuf"]);
        assert_eq!(package_modules("livekitty"), ["livekitty"]);
    }

    #[test]
    fn nested_types_are_in_the_module_of_their_message() {
        assert_eq!(path("livekit.DataPacket", "livekit"), "DataPacket");
        assert_eq!(path("livekit.DataStream.Header", "livekit"), "data_stream::Header");
        assert_eq!(
            path("livekit.agent.SessionRequest.Ping", "livekit.agent"),
            "agent::session_request::Ping"
        );
        assert_eq!(own_modules("livekit.DataPacket", "livekit"), ["data_packet"]);
        assert_eq!(own_modules("livekit.DataStream.Header", "livekit"), ["data_stream", "header"]);
        assert_eq!(last("livekit.DataStream.Header"), "Header");
        assert_eq!(last("Header"), "Header");
    }
}
