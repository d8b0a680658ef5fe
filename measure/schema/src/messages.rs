//! The messages of the schema, and which of them the families have.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use prost_types::{DescriptorProto, FileDescriptorSet};

use crate::proto::is_map_entry;

/// All messages by full names, entries of maps among them.
pub fn all(set: &FileDescriptorSet) -> BTreeMap<String, &DescriptorProto> {
    let messages = set.file[0].message_type.iter();
    let mut open: Vec<_> = messages.map(|message| ("livekit".to_owned(), message)).collect();
    let mut all = BTreeMap::new();
    while let Some((parent, message)) = open.pop() {
        let name = format!("{parent}.{}", message.name());
        open.extend(message.nested_type.iter().map(|nested| (name.clone(), nested)));
        all.insert(name, message);
    }
    all
}

/// Prints `messages.h`: each family as a macro over its messages.
pub fn header(set: &FileDescriptorSet) -> String {
    let all = all(set);
    let family = closure(&all, &["livekit.DataPacket"]);
    let wide = closure(&all, &["livekit.DataPacket", "livekit.ParticipantInfo", "livekit.Room"]);
    let roots = crate::ROOTS.map(|root| format!("livekit.{root}"));
    let whole = closure(&all, &roots.each_ref().map(String::as_str));
    let mut header = String::new();
    let mut list = |name: &str, start: &str, names: &[&String]| {
        write!(header, "#define {name}(X) {start}").expect("a string");
        for full in names {
            write!(header, " X({})", full.replace('.', "_")).expect("a string");
        }
        header.push('\n');
    };
    // Each begins with the smaller one, so that a message has one number.
    list("FAMILY", "", &family.iter().collect::<Vec<_>>());
    list("WIDE", "FAMILY(X)", &wide.difference(&family).collect::<Vec<_>>());
    list("ALL", "WIDE(X)", &whole.difference(&wide).collect::<Vec<_>>());
    header
}

/// The messages of which `roots` are made, themselves among them.
pub fn closure(all: &BTreeMap<String, &DescriptorProto>, roots: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<String> = roots.iter().map(|root| (*root).to_owned()).collect();
    while let Some(name) = open.pop() {
        // Fields of enums have a name here as well.
        let Some(message) = all.get(&name) else { continue };
        if found.insert(name) {
            let types = message.field.iter().map(|field| field.type_name());
            open.extend(types.map(|path| path.trim_start_matches('.').to_owned()));
        }
    }
    // Entries of maps are no messages by themselves.
    found.retain(|name| !is_map_entry(all[name]));
    found
}
