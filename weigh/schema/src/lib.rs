//! The messages that every codec is weighed with, and the capacities of their fields: build scripts
//! make a codec's types of them.

// The datasheet of the crate itself, so that RAM can be compared.
#[allow(dead_code)]
#[path = "../../../build.rs"]
mod crate_build;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorProto, FileDescriptorSet};

pub use codegen::config::capacity::Capacity;
use codegen::config::{capacity, knobs};
use codegen::schema::Schema;

/// The roots: what travels on a data channel, two messages about rooms, signalling.
const ROOTS: [&str; 5] =
    ["DataPacket", "ParticipantInfo", "Room", "SignalRequest", "SignalResponse"];

/// Would bring five messages that hardly a firmware reads.
const DROPPED: (&str, &str) = ("DataPacket", "metrics");

static WHOLE: &[u8] = include_bytes!("../../../protocol/livekit.binpb");

/// The schema: one file, `livekit.proto`, with what the roots need.
pub fn set() -> FileDescriptorSet {
    let whole = FileDescriptorSet::decode(WHOLE).expect("the schema is compiled");
    let mut messages = BTreeMap::new();
    let mut enums = BTreeMap::new();
    for file in whole.file.into_iter().filter(|file| file.package() == "livekit") {
        messages.extend(file.message_type.into_iter().map(|m| (m.name().to_owned(), m)));
        enums.extend(file.enum_type.into_iter().map(|e| (e.name().to_owned(), e)));
    }
    let dropped = messages.get_mut(DROPPED.0).expect("it is in the schema");
    dropped.field.retain(|field| field.name() != DROPPED.1);

    let mut wanted = BTreeSet::new();
    let mut open: Vec<String> = ROOTS.map(str::to_owned).into();
    while let Some(name) = open.pop() {
        if wanted.insert(name.clone()) {
            open.extend(messages.get(&name).iter().flat_map(|message| references(message)));
        }
    }
    messages.retain(|name, _| wanted.contains(name));
    enums.retain(|name, _| wanted.contains(name));
    let mut messages: Vec<_> = messages.into_values().collect();
    messages.iter_mut().for_each(clear_options);
    let file = FileDescriptorProto {
        name: Some("livekit.proto".to_owned()),
        package: Some("livekit".to_owned()),
        syntax: Some("proto3".to_owned()),
        message_type: messages,
        enum_type: enums.into_values().collect(),
        ..Default::default()
    };
    FileDescriptorSet { file: vec![file] }
}

/// The outermost messages and enums that `message` and what is nested in it refer to.
fn references(message: &DescriptorProto) -> Vec<String> {
    let outermost = |path: &str| {
        let name = path.strip_prefix(".livekit.").expect("nothing of another package is wanted");
        name.split('.').next().expect("names are not empty").to_owned()
    };
    let own = message.field.iter().filter_map(|field| field.type_name.as_deref()).map(outermost);
    own.chain(message.nested_type.iter().flat_map(references)).collect()
}

/// Which fields logs redact is an option of LiveKit's own.
fn clear_options(message: &mut DescriptorProto) {
    message.field.iter_mut().for_each(|field| {
        // `packed` is the default, and nothing else is set.
        field.options = None;
    });
    message.nested_type.iter_mut().for_each(clear_options);
}

/// How large a field may become in `owned`: `livekit.UserPacket.payload`. Fields of plain numbers and
/// messages have no capacity.
pub fn capacity(field: &str) -> Option<Capacity> {
    static ALL: LazyLock<capacity::Capacities> = LazyLock::new(|| {
        let datasheet = crate_build::DATASHEET;
        let sizes = knobs::read(datasheet.knobs, datasheet.fixed, std::iter::empty());
        let schema = Schema::read(WHOLE).expect("the schema is compiled");
        let all = sizes.and_then(|sizes| capacity::assign(datasheet.rows, &sizes, &schema));
        all.unwrap_or_else(|error| panic!("{error}"))
    });
    ALL.get(field).copied()
}
