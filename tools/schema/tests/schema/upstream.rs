//! The schema is LiveKit's own, name for name and number for number.

use std::collections::BTreeSet;

use prost_reflect::DescriptorPool;

use crate::{DESCRIPTOR, facts, pool, release, version};

/// Kept because 1.1.5 has it and `google.protobuf.Empty` is common; 1.1.29 imports it no more.
const ONLY_OURS: [&str; 1] = ["google/protobuf/empty.proto"];

#[test]
fn the_files_are_those_of_the_release() {
    let (ours, theirs) = (names(&pool("protocol/livekit.binpb")), names(&release(&version())));
    let expected: BTreeSet<_> = theirs.into_iter().chain(ONLY_OURS.map(str::to_owned)).collect();
    assert_eq!(ours, expected);
}

#[test]
fn everything_in_them_is_that_of_the_release() {
    let (ours, theirs) = (pool("protocol/livekit.binpb"), release(&version()));
    let mut count = 0;
    for file in theirs.files().filter(|file| file.name() != DESCRIPTOR) {
        let our_file = ours.get_file_by_name(file.name()).expect("checked by the other test");
        let (mut their_facts, our_facts) = (facts::of(&file), facts::of(&our_file));
        if file.name().starts_with("google/") {
            // Names of packages in Java, Go and so on: we take the messages only.
            their_facts.retain(|name, _| !name.starts_with(&format!("{}: options.", file.name())));
        }
        let differences = facts::differences(&their_facts, &our_facts);
        assert!(differences.is_empty(), "upstream → ours:\n{}", differences.join("\n"));
        count += their_facts.len();
    }
    println!("\n{count} facts of upstream's descriptors hold for ours");
    assert!(count > 18_000, "only {count} facts were compared");
}

fn names(pool: &DescriptorPool) -> BTreeSet<String> {
    pool.files().map(|file| file.name().to_owned()).collect()
}
