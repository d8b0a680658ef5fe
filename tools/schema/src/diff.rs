//! What changed between two releases, one line a change:
//!
//! ```text
//! added message livekit.DataBlob, 2 fields
//! added livekit.ClientInfo.capabilities = 13, repeated livekit.ClientInfo.Capability
//! removed livekit.MediaSource.data = 4, livekit.DataConfig
//! renumbered livekit.AudioConfig.routes: 1 → 2
//! retyped livekit.SendDataRequest.kind: string → livekit.DataPacket.Kind
//! deprecated livekit.UserPacket.participant_sid
//! ```

use std::collections::BTreeMap;

use prost_reflect::{
    Cardinality, DescriptorPool, ExtensionDescriptor, FieldDescriptor, Kind, MethodDescriptor,
};

/// What changed, as text; empty if nothing did.
pub fn text(old: &DescriptorPool, new: &DescriptorPool) -> String {
    changes(old, new).iter().map(|change| format!("{change}\n")).collect()
}

/// What changed: messages first, then enums, services and extensions, each in alphabetical order.
pub fn changes(old: &DescriptorPool, new: &DescriptorPool) -> Vec<String> {
    let mut out = Vec::new();
    for (group, parts, old, new) in [
        ("message", "field", messages(old), messages(new)),
        ("enum", "value", enums(old), enums(new)),
        ("service", "rpc", services(old), services(new)),
    ] {
        for (name, now) in &new {
            let Some(before) = old.get(name) else {
                let count = now.parts.len();
                let plural = if count == 1 { "" } else { "s" };
                out.push(format!("added {group} {name}, {count} {parts}{plural}"));
                continue;
            };
            deprecation(name, before.is_deprecated, now.is_deprecated, &mut out);
            part_changes(&format!("{name}."), &before.parts, &now.parts, &mut out);
        }
        let gone = old.keys().filter(|name| !new.contains_key(*name));
        out.extend(gone.map(|name| format!("removed {group} {name}")));
    }
    part_changes("extension ", &extensions(old), &extensions(new), &mut out);
    out
}

/// A message, an enum or a service.
struct Group {
    is_deprecated: bool,
    parts: Parts,
}

/// What a group consists of, by name.
type Parts = BTreeMap<String, Part>;

/// A field, a value, an rpc or an extension.
struct Part {
    /// `None` for an rpc.
    number: Option<i64>,
    /// Label, type and oneof in words: `repeated livekit.TrackInfo`; empty for a value.
    kind: String,
    is_deprecated: bool,
}

/// Says what changed in a group; `before` stands before the name of a part.
fn part_changes(before: &str, old: &Parts, new: &Parts, out: &mut Vec<String>) {
    for (part, now) in new {
        let name = format!("{before}{part}");
        let Some(then) = old.get(part) else {
            out.push(format!("added {name}{}", now.describe()));
            continue;
        };
        if let (Some(then), Some(now)) = (then.number, now.number)
            && then != now
        {
            out.push(format!("renumbered {name}: {then} → {now}"));
        }
        if then.kind != now.kind {
            out.push(format!("retyped {name}: {} → {}", then.kind, now.kind));
        }
        deprecation(&name, then.is_deprecated, now.is_deprecated, out);
    }
    let gone = old.iter().filter(|(name, _)| !new.contains_key(*name));
    out.extend(gone.map(|(name, then)| format!("removed {before}{name}{}", then.describe())));
}

fn deprecation(name: &str, then: bool, now: bool, out: &mut Vec<String>) {
    match (then, now) {
        (false, true) => out.push(format!("deprecated {name}")),
        (true, false) => out.push(format!("no longer deprecated {name}")),
        _ => {}
    }
}

impl Part {
    /// ` = 4, livekit.DataConfig` behind a name.
    fn describe(&self) -> String {
        match (self.number, self.kind.as_str()) {
            (Some(number), "") => format!(" = {number}"),
            (Some(number), kind) => format!(" = {number}, {kind}"),
            (None, kind) => format!(": {kind}"),
        }
    }
}

fn messages(pool: &DescriptorPool) -> BTreeMap<String, Group> {
    let own = pool.all_messages().filter(|m| !m.is_map_entry() && !is_borrowed(m.full_name()));
    own.map(|message| {
        let fields = message.fields().map(|field| {
            let options = field.field_descriptor_proto().options.as_ref();
            let part = Part {
                number: Some(field.number().into()),
                kind: kind(&field),
                is_deprecated: options.is_some_and(|o| o.deprecated()),
            };
            (field.name().to_owned(), part)
        });
        let options = message.descriptor_proto().options.as_ref();
        let is_deprecated = options.is_some_and(|o| o.deprecated());
        (message.full_name().to_owned(), Group { is_deprecated, parts: fields.collect() })
    })
    .collect()
}

fn enums(pool: &DescriptorPool) -> BTreeMap<String, Group> {
    let own = pool.all_enums().filter(|e| !is_borrowed(e.full_name()));
    own.map(|item| {
        let values = item.values().map(|value| {
            let options = value.enum_value_descriptor_proto().options.as_ref();
            let part = Part {
                number: Some(value.number().into()),
                kind: String::new(),
                is_deprecated: options.is_some_and(|o| o.deprecated()),
            };
            (value.name().to_owned(), part)
        });
        let options = item.enum_descriptor_proto().options.as_ref();
        let is_deprecated = options.is_some_and(|o| o.deprecated());
        (item.full_name().to_owned(), Group { is_deprecated, parts: values.collect() })
    })
    .collect()
}

fn services(pool: &DescriptorPool) -> BTreeMap<String, Group> {
    pool.services()
        .map(|service| {
            let methods = service.methods().map(|method| {
                let options = method.method_descriptor_proto().options.as_ref();
                let is_deprecated = options.is_some_and(|o| o.deprecated());
                let part = Part { number: None, kind: signature(&method), is_deprecated };
                (method.name().to_owned(), part)
            });
            let options = service.service_descriptor_proto().options.as_ref();
            let is_deprecated = options.is_some_and(|o| o.deprecated());
            (service.full_name().to_owned(), Group { is_deprecated, parts: methods.collect() })
        })
        .collect()
}

fn extensions(pool: &DescriptorPool) -> Parts {
    let part = |extension: ExtensionDescriptor| {
        let number = Some(extension.number().into());
        let part = Part { number, kind: type_name(extension.kind()), is_deprecated: false };
        (extension.full_name().to_owned(), part)
    };
    pool.all_extensions().map(part).collect()
}

/// Google's own messages are nobody's release.
fn is_borrowed(name: &str) -> bool {
    name.starts_with("google.")
}

/// What an rpc takes and returns: `(livekit.A) returns (stream livekit.B)`.
fn signature(method: &MethodDescriptor) -> String {
    let stream = |is_stream| if is_stream { "stream " } else { "" };
    format!(
        "({}{}) returns ({}{})",
        stream(method.is_client_streaming()),
        method.input().full_name(),
        stream(method.is_server_streaming()),
        method.output().full_name()
    )
}

/// A field's label, type and oneof in words: `repeated livekit.TrackInfo`.
fn kind(field: &FieldDescriptor) -> String {
    let name = match field.kind() {
        Kind::Message(entry) if field.is_map() => {
            let (key, value) = (entry.map_entry_key_field(), entry.map_entry_value_field());
            return format!("map<{}, {}>", type_name(key.kind()), type_name(value.kind()));
        }
        kind => type_name(kind),
    };
    match (field.cardinality(), field.containing_oneof()) {
        (Cardinality::Repeated, _) => format!("repeated {name}"),
        (_, Some(oneof)) if oneof.is_synthetic() => format!("optional {name}"),
        (_, Some(oneof)) => format!("{name} in oneof {}", oneof.name()),
        _ => name,
    }
}

fn type_name(kind: Kind) -> String {
    match kind {
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(item) => item.full_name().to_owned(),
        scalar => format!("{scalar:?}").to_lowercase(),
    }
}
