//! Our side of the exchange with Python's `livekit-protocol` (tests/python/exchange.py).
//!
//! ```text
//! exchange fill FAMILY SET.binpb FOLDER   writes NAME.N.ours and NAME.N.prost, the same message twice
//! exchange again FAMILY FOLDER            decodes each *.python and encodes it to *.again
//! ```
//!
//! `FAMILY` is `owned` or `borrowed`; a borrowed message is read at every depth and put together anew.

use std::path::Path;
use std::{env, fs};

use prost_reflect::prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, Kind, ReflectMessage, Value};
use testkit::peer::{self, Way};
use testkit::random;
use testkit::ways::WAYS;

/// Messages that release 1.1.5 had with other numbers or types; all else is compatible.
const CHANGED_SINCE_1_1_5: [&str; 4] =
    ["livekit.AudioConfig", "livekit.DataConfig", "livekit.DataSelector", "livekit.MediaSource"];

/// Values of each message type: everything full with the highest numbers, one of everything with
/// the lowest, and some random ones.
const VALUES: [usize; 4] = [1, 3, 8, 9];

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["fill", family, set, folder] => fill(family, set, Path::new(folder)),
        ["again", family, folder] => again(family, Path::new(folder)),
        _ => panic!("exchange fill FAMILY SET.binpb FOLDER | exchange again FAMILY FOLDER"),
    }
}

/// Decodes a frame as the message `name` of a family, and encodes it again; `None` if there is no
/// such message.
fn way(family: &str, name: &str) -> Option<Way> {
    match family {
        "owned" => peer::find(peer::OWNED, name).map(|peer| peer.again),
        "borrowed" => WAYS.iter().find(|ways| ways.name == name).map(|ways| ways.rebuilt),
        _ => panic!("no family {family}"),
    }
}

fn fill(family: &str, set: &str, folder: &Path) {
    let is_old = set.contains("1.1.5");
    let set = fs::read(set).expect("a descriptor set");
    let pool = DescriptorPool::decode(set.as_slice()).expect("a descriptor set");
    for message in pool.all_messages().filter(|m| m.full_name().starts_with("livekit.")) {
        let name = message.full_name();
        let Some(way) = way(family, name) else { continue };
        if is_old && CHANGED_SINCE_1_1_5.contains(&name) {
            continue;
        }
        for index in VALUES {
            let mut value = random::message(&message, index);
            if is_old {
                leave_out_changed(&mut value);
            }
            let prost = value.encode_to_vec();
            let ours = way(&prost).unwrap_or_else(|error| panic!("{name}: {error}"));
            for (side, bytes) in [("ours", ours), ("prost", prost)] {
                let file = folder.join(format!("{name}.{index}.{side}"));
                fs::write(file, bytes).expect("a writable folder");
            }
        }
    }
}

/// Clears what changed since 1.1.5, wherever it stands.
fn leave_out_changed(message: &mut DynamicMessage) {
    let descriptor = message.descriptor();
    for field in descriptor.fields().filter(|field| message.has_field(field)).collect::<Vec<_>>() {
        let changed = matches!(field.kind(), Kind::Message(m) if CHANGED_SINCE_1_1_5.contains(&m.full_name()));
        match message.get_field_mut(&field) {
            _ if changed => message.clear_field(&field),
            Value::Message(inner) => leave_out_changed(inner),
            Value::List(items) => items.iter_mut().for_each(|item| {
                if let Value::Message(inner) = item {
                    leave_out_changed(inner);
                }
            }),
            _ => {}
        }
    }
}

fn again(family: &str, folder: &Path) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable folder").path();
        if path.extension().is_none_or(|end| end != "python") {
            continue;
        }
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("names are UTF-8");
        let (name, _) = stem.rsplit_once('.').expect("NAME.N.python");
        let way = way(family, name).unwrap_or_else(|| panic!("{name} is not generated"));
        let frame = fs::read(&path).expect("a readable file");
        let again = way(&frame).unwrap_or_else(|error| panic!("{stem}: {error}"));
        fs::write(path.with_extension("again"), again).expect("a writable folder");
    }
}
