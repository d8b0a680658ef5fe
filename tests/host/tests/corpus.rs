//! Messages recorded from the real server and SDKs (tests/corpus/README.md): each decodes, equals
//! its protobuf JSON, and encodes to the same message.
//!
//! At default knobs the largest messages are over capacity of the owned types, which is an error
//! and not a loss; the test then expects that error. `.ci/run corpus` raises the knobs until every
//! message fits. Borrowed types take all of them.

#![cfg(feature = "full")]

use std::collections::BTreeMap;

use livekit_micro::DecodeError;
use prost_reflect::DynamicMessage;
use prost_reflect::ReflectMessage;
use testkit::corpus::{self, Recorded};
use testkit::peer::{FAMILIES, OWNED, POOL, Peer, find};
use testkit::{difference, fits};

#[derive(Default)]
struct Tally {
    agreed: usize,
    over: usize,
    refused: usize,
}

#[test]
fn recorded_messages_agree_with_their_json() {
    for (family, peers) in FAMILIES {
        agree(family, peers);
    }
}

fn agree(family: &str, peers: &'static [Peer]) {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for recorded in corpus::messages() {
        let tally = tallies.entry(recorded.message.clone()).or_default();
        match check(recorded, peers) {
            Outcome::Agreed => tally.agreed += 1,
            Outcome::Over(why) => {
                println!("over capacity: {}: {why}", recorded.name);
                tally.over += 1;
            }
            Outcome::Refused => tally.refused += 1,
        }
    }
    for (message, Tally { agreed, over, refused }) in &tallies {
        println!("{agreed:4} {message}, {family}{}", rest(*over, *refused));
    }
    let sum = |part: fn(&Tally) -> usize| tallies.values().map(part).sum::<usize>();
    assert_eq!(sum(|t| t.refused), 1, "one recorded message is malformed");
    println!(
        "{} recorded messages of {} types agree, {family}{}",
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

fn check(recorded: &Recorded, peers: &'static [Peer]) -> Outcome {
    let Recorded { name: file, message, canonical, bytes, json, .. } = recorded;
    let peer = find(peers, message).unwrap_or_else(|| panic!("{message} is not generated"));
    let again = (peer.again)(bytes);
    if canonical == "malformed" {
        assert!(matches!(again, Err(DecodeError::Malformed { .. })), "{file}: {again:?}");
        return Outcome::Refused;
    }
    let expected = from_json(message, json);
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

fn from_json(message: &str, json: &serde_json::Value) -> DynamicMessage {
    let descriptor = POOL.get_message_by_name(message).expect("the corpus names real messages");
    DynamicMessage::deserialize(descriptor, json)
        .unwrap_or_else(|error| panic!("{message}: {error}"))
}
