//! Frames that a hostile or broken peer may send: named ones, of which each says what has to come
//! of it, and mutations of good ones. Prost reads them all too; where this crate does otherwise is
//! the table `DIFFERENCES` of tests/testkit/src/documented.rs.
//!
//! `MALFORMED_MUTATIONS` raises the number of mutations.

#![cfg(feature = "peers")]

mod capacity;
mod case;
mod cut;
mod groups;
mod json;
mod lengths;
mod lists;
mod maps;
mod merging;
mod mutate;
mod regroup;
mod split;
mod text;
mod types;

use std::collections::BTreeSet;
use std::env;
use std::panic::catch_unwind;

use case::Case;
use livekit_micro::DecodeError;
use livekit_micro::Malformed::{Nesting, Truncated, Varint};
use testkit::difference;
use testkit::documented::{DIFFERENCES, Difference};
use testkit::peer::{BORROWED, OWNED, Peer};
use testkit::reading::Family;
use testkit::verdict::{Tally, Verdict, held, judge};
use testkit::ways::WAYS;

/// The families of messages; the suite is run over each.
const FAMILIES: [(Family, &[Peer]); 2] = [(Family::Owned, OWNED), (Family::Borrowed, BORROWED)];

/// Mutations for each family, unless `MALFORMED_MUTATIONS` asks for more.
const MUTATIONS: usize = 50_000;

#[test]
fn malformed_frames_come_to_what_they_should() {
    let mutations = match env::var("MALFORMED_MUTATIONS") {
        Ok(number) => number.parse().expect("MALFORMED_MUTATIONS is a number"),
        Err(_) => MUTATIONS,
    };
    let cases = cases();
    let (mut failures, mut totals, mut met) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (family, peers) in FAMILIES {
        for case in &cases {
            match case.check(family, find(peers, case.message)) {
                Ok(Verdict::Differs(difference)) => drop(met.insert(difference)),
                Ok(_) => {}
                Err(why) => failures.push(format!("{family:?}: {}: {why}", case.name)),
            }
        }
        let mut tally = Tally::default();
        for (message, frame) in mutate::mutations(mutations) {
            match judged(family, find(peers, message), &frame) {
                Ok(verdict) => tally.count(verdict),
                Err(why) => failures.push(format!("{family:?}: {message} {frame:02x?}: {why}")),
            }
        }
        totals.push(format!("{}: {tally}", format!("{family:?}").to_lowercase()));
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    let without_case: Vec<Difference> =
        DIFFERENCES.iter().map(|row| row.0).filter(|row| !met.contains(row)).collect();
    assert!(without_case.is_empty(), "no named case shows {without_case:?}");
    println!(
        "{} named cases and {mutations} mutations for each family; of these {}",
        cases.len(),
        totals.join("; ")
    );
}

fn cases() -> Vec<Case> {
    let cases: Vec<Case> = [
        lengths::cases(),
        types::cases(),
        groups::cases(),
        text::cases(),
        merging::cases(),
        maps::cases(),
        lists::cases(),
        split::cases(),
        capacity::cases(),
        json::cases(),
        cut::cases(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let names: BTreeSet<&str> = cases.iter().map(|case| &*case.name).collect();
    assert_eq!(names.len(), cases.len(), "two cases have one name");
    cases
}

fn find(peers: &'static [Peer], message: &str) -> &'static Peer {
    let found = peers.iter().find(|peer| peer.name == message);
    found.unwrap_or_else(|| panic!("{message} is not generated"))
}

/// The verdict on a frame; a panic of ours is a failure like another.
fn judged(family: Family, peer: &'static Peer, frame: &[u8]) -> Result<Verdict, String> {
    let verdict = || {
        let verdict = judge(family, peer, frame)?;
        if family == Family::Borrowed && (peer.again)(frame).is_ok() {
            read_through(peer.name, frame)?;
        }
        if family == Family::Owned {
            through_micropb(peer, frame)?;
        }
        Ok(verdict)
    };
    catch_unwind(verdict).unwrap_or_else(|_| Err("a panic".to_owned()))
}

/// Compares micropb's traits with the rest of the crate. They differ only in the varints that
/// `PbDecoder` reads differently and in how nesting inside a message of JSON is counted.
fn through_micropb(peer: &'static Peer, frame: &[u8]) -> Result<(), String> {
    let ways = WAYS.iter().find(|ways| ways.name == peer.name).expect("both have all messages");
    match ((peer.again)(frame), (ways.micropb)(frame)) {
        (Ok(ours), Ok(again)) if ours == again => Ok(()),
        // A message of JSON stores its own varints in the shortest form.
        (Ok(ours), Ok(again)) => {
            let [ours, again] = [ours, again].map(|sent| held(Family::Owned, peer.name, &sent));
            match difference::first(&again?, &ours?) {
                Some(path) => Err(format!("by micropb's traits it is something else: {path}")),
                None => Ok(()),
            }
        }
        (Err(_), Err(_)) => Ok(()),
        // `PbDecoder` reads one bit of the tenth byte, and 32 bits of a length.
        (Err(DecodeError::Malformed { kind: Varint | Truncated, offset }), Ok(_))
            if has_long_varint(&frame[offset..]) =>
        {
            Ok(())
        }
        // Inside a message of JSON, depth is counted from that message.
        (Err(DecodeError::Malformed { kind: Nesting, .. }), Ok(_)) => Ok(()),
        (ours, again) => {
            Err(format!("we come to {ours:02x?}, by micropb's traits to {again:02x?}"))
        }
    }
}

/// Returns `true` if `bytes` hold four bytes in a row that could begin a varint of more than 32 bits.
fn has_long_varint(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|window| window.iter().all(|byte| *byte >= 0x80))
}

/// A received borrowed message writes what came. So that its values are seen too, all of it is read
/// and put together anew, and carried over to the owned message.
fn read_through(name: &str, frame: &[u8]) -> Result<(), String> {
    let ways = WAYS.iter().find(|ways| ways.name == name).expect("both have all messages");
    let clean = held(Family::Borrowed, name, frame)?;
    let same = |way, family, outcome: Result<Vec<u8>, DecodeError>| {
        let bytes = outcome.map_err(|error| format!("{way}, we refuse it: {error:?}"))?;
        match difference::first(&held(family, name, &bytes)?, &clean) {
            Some(path) => Err(format!("{way}, it is something else: {path}")),
            None => Ok(()),
        }
    };
    same("rebuilt", Family::Borrowed, (ways.rebuilt)(frame))?;
    let stored = (ways.stored)(frame);
    match stored {
        Err(DecodeError::Capacity { .. }) => Ok(()),
        // Submessages are taken over as an owned message takes them, replaced members too.
        Err(_) if (find(OWNED, name).again)(frame).is_err() => Ok(()),
        stored => same("stored", Family::Owned, stored),
    }
}
