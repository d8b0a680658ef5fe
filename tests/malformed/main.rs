//! Frames that a hostile or broken peer may send: named ones, of which each says what has to come
//! of it, and mutations of good ones. Prost reads them all too; where this crate does otherwise is
//! the table `DIFFERENCES` of tests/support/documented.rs.
//!
//! `MALFORMED_MUTATIONS` raises the number of mutations.

mod capacity;
mod case;
mod cut;
mod groups;
mod json;
mod lengths;
mod merging;
mod mutate;
mod text;
mod types;

use std::collections::BTreeSet;
use std::env;
use std::panic::catch_unwind;

use case::Case;
use support::documented::{DIFFERENCES, Difference};
use support::peer::{OWNED, Peer};
use support::verdict::{Tally, Verdict, judge};

/// The families of messages; the suites are run over each.
const FAMILIES: [(&str, &[Peer]); 1] = [("owned", OWNED)];

/// Mutations for each family, unless `MALFORMED_MUTATIONS` asks for more.
const MUTATIONS: usize = 50_000;

#[test]
fn malformed_frames_come_to_what_they_should() {
    let mutations = match env::var("MALFORMED_MUTATIONS") {
        Ok(number) => number.parse().expect("MALFORMED_MUTATIONS is a number"),
        Err(_) => MUTATIONS,
    };
    let cases = cases();
    let (mut failures, mut tally, mut met) = (Vec::new(), Tally::default(), BTreeSet::new());
    for (family, peers) in FAMILIES {
        for case in &cases {
            match case.check(find(peers, case.message)) {
                Ok(Verdict::Differs(difference)) => drop(met.insert(difference)),
                Ok(_) => {}
                Err(why) => failures.push(format!("{family}: {}: {why}", case.name)),
            }
        }
        for (message, frame) in mutate::mutations(mutations) {
            match judged(find(peers, message), &frame) {
                Ok(verdict) => tally.count(verdict),
                Err(why) => failures.push(format!("{family}: {message} {frame:02x?}: {why}")),
            }
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    let without_case: Vec<Difference> =
        DIFFERENCES.iter().map(|row| row.0).filter(|row| !met.contains(row)).collect();
    assert!(without_case.is_empty(), "no named case shows {without_case:?}");
    println!("{} named cases, {} mutations: {tally}", cases.len(), mutations * FAMILIES.len());
}

fn cases() -> Vec<Case> {
    let cases: Vec<Case> = [
        lengths::cases(),
        types::cases(),
        groups::cases(),
        text::cases(),
        merging::cases(),
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
fn judged(peer: &'static Peer, frame: &[u8]) -> Result<Verdict, String> {
    catch_unwind(|| judge(peer, frame)).unwrap_or_else(|_| Err("a panic".to_owned()))
}
