//! Frames recorded from the real server and SDKs (tests/corpus/README.md): each decodes, equals
//! the protobuf JSON beside it, and encodes to the same message.
//!
//! At default knobs the largest frames are over capacity of the owned messages, which is an error
//! and not a loss; the test then wants that error. `.ci/run corpus` raises the knobs until every
//! frame fits. Borrowed messages take all of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use livekit_micro::DecodeError;
use prost_reflect::DynamicMessage;
use prost_reflect::ReflectMessage;
use support::peer::{FAMILIES, OWNED, POOL, Peer, find};
use support::{difference, fits};

/// One line of index.tsv.
struct Frame {
    file: String,
    message: String,
    canonical: String,
}

#[derive(Default)]
struct Tally {
    agreed: usize,
    over: usize,
    refused: usize,
}

#[test]
fn recorded_frames_agree_with_their_json() {
    for (family, peers) in FAMILIES {
        agree(family, peers);
    }
}

fn agree(family: &str, peers: &'static [Peer]) {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for frame in index() {
        let tally = tallies.entry(frame.message.clone()).or_default();
        match check(&frame, peers) {
            Outcome::Agreed => tally.agreed += 1,
            Outcome::Over(why) => {
                println!("over capacity: {}: {why}", frame.file);
                tally.over += 1;
            }
            Outcome::Refused => tally.refused += 1,
        }
    }
    for (message, Tally { agreed, over, refused }) in &tallies {
        println!("{agreed:4} {message}, {family}{}", rest(*over, *refused));
    }
    let sum = |part: fn(&Tally) -> usize| tallies.values().map(part).sum::<usize>();
    assert_eq!(sum(|t| t.refused), 1, "one recorded frame is malformed");
    println!(
        "{} frames of {} messages agree, {family}{}",
        sum(|t| t.agreed),
        tallies.len(),
        rest(sum(|t| t.over), sum(|t| t.refused))
    );
}

fn rest(over: usize, refused: usize) -> String {
    let part = |count: usize, what: &str| match count {
        0 => String::new(),
        count => format!(", {count} {what}"),
    };
    part(over, "over capacity") + &part(refused, "malformed")
}

enum Outcome {
    Agreed,
    /// Over a capacity of this build, and refused for it.
    Over(String),
    /// Malformed, and refused for it.
    Refused,
}

fn check(frame: &Frame, peers: &'static [Peer]) -> Outcome {
    let Frame { file, message, canonical } = frame;
    let bytes = fs::read(folder().join(file)).expect("index.tsv lists what is there");
    let peer = find(peers, message).unwrap_or_else(|| panic!("{message} is not generated"));
    let again = (peer.again)(&bytes);
    if canonical == "malformed" {
        assert!(matches!(again, Err(DecodeError::Malformed { .. })), "{file}: {again:?}");
        return Outcome::Refused;
    }
    let expected = from_json(message, &folder().join(file).with_extension("json"));
    if let Some(why) = fits::first_over(&expected)
        && peers.as_ptr() == OWNED.as_ptr()
    {
        assert!(matches!(again, Err(DecodeError::Capacity { .. })), "{file}: {why}, but {again:?}");
        return Outcome::Over(why);
    }
    let again = again.unwrap_or_else(|error| panic!("{file}: {error}"));
    let again = DynamicMessage::decode(expected.descriptor(), again.as_slice())
        .unwrap_or_else(|error| panic!("{file}: prost refuses our bytes: {error}"));
    // A borrowed message passes on a default that was sent; JSON does not know that it was.
    assert_eq!(difference::first(&again, &expected), None, "{file}");
    Outcome::Agreed
}

fn from_json(message: &str, path: &Path) -> DynamicMessage {
    let text = fs::read_to_string(path).expect("every frame has its JSON beside it");
    let descriptor = POOL.get_message_by_name(message).expect("index.tsv names real messages");
    let mut json = serde_json::Deserializer::from_str(&text);
    DynamicMessage::deserialize(descriptor, &mut json)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The frames of index.tsv that are protobuf.
fn index() -> Vec<Frame> {
    let text = fs::read_to_string(folder().join("index.tsv")).expect("the corpus has an index");
    text.lines()
        .skip(1)
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|columns| columns[1] != "-")
        .map(|columns| Frame {
            file: columns[0].to_owned(),
            message: columns[1].to_owned(),
            canonical: columns[10].to_owned(),
        })
        .collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}
