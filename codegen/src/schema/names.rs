//! Rust names of protobuf things, by the rules of the official prost crate, so that people (and
//! examples) can move between the two: `SIPCallInfo` is `SipCallInfo`, `DataPacket.Kind` is
//! `data_packet::Kind`, `candidateInit` is `candidate_init`.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// A message, enum, oneof or oneof member: `SIPCallInfo` → `SipCallInfo`.
pub fn type_name(proto: &str) -> String {
    escape_type(proto.to_upper_camel_case())
}

/// The module of what is nested in a message: `SIPCallInfo` → `sip_call_info`.
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
        Some(rest) => rest.trim_start_matches('.'),
        None => package,
    };
    below.split('.').filter(|part| !part.is_empty()).map(module).collect()
}

/// `Header` of `livekit.DataStream.Header`.
pub fn last(full_name: &str) -> &str {
    full_name.rsplit('.').next().expect("names are not empty")
}

/// The module path in which something named `full_name` of `package` lies.
pub fn modules_of(full_name: &str, package: &str) -> Vec<String> {
    let inside = &full_name[package.len() + 1..];
    let mut path = package_modules(package);
    let nested = inside.rsplit_once('.').map_or("", |(outer, _)| outer);
    path.extend(nested.split('.').filter(|part| !part.is_empty()).map(module));
    path
}

/// The module path of what is nested in the message `full_name`.
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

/// An enum's value without the enum's own name in front: `RELIABLE`, `SENSITIVITY_PII` → `Pii`.
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

/// Keywords get an underscore behind them: `type_` reads better than `r#type`.
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
