//! Every message type, prost on the other end: what prost encodes, each family decodes and encodes
//! again, and the bytes are prost's exactly, their order included.
//!
//! For the borrowed family that is done twice, with what was received and with all of it read and
//! put together anew; and it is carried over to the owned one from both. The owned family goes
//! through micropb's traits as well, decoded from pieces.
//!
//! `CROSSCHECK_VALUES` raises the number of values of each type. A failure names the type and the
//! index of the value, which make the same value again: `random::message(type, index)`.

#![cfg(feature = "peers")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::{env, panic, thread};

use prost_reflect::prost::Message;
use prost_reflect::{DynamicMessage, MessageDescriptor};
use testkit::peer::{BORROWED, OWNED, POOL, Way, find};
use testkit::ways::{WAYS, Ways};
use testkit::{difference, random};

/// Values of each message type, unless `CROSSCHECK_VALUES` asks for more.
const VALUES: usize = 200;

#[test]
fn every_message_agrees_with_prost() {
    let values = match env::var("CROSSCHECK_VALUES") {
        Ok(number) => number.parse().expect("CROSSCHECK_VALUES is a number"),
        Err(_) => VALUES,
    };
    let next = AtomicUsize::new(0);
    let (failures, totals) = (Mutex::new(Vec::new()), Mutex::new(BTreeMap::new()));
    let work = || {
        while let Some(ways) = WAYS.get(next.fetch_add(1, Relaxed)) {
            match check(ways, values) {
                Ok(compared) => {
                    for (way, bytes) in compared {
                        *totals.lock().expect("no panic").entry(way).or_insert(0) += bytes;
                    }
                }
                Err(why) => failures.lock().expect("no panic").push(why),
            }
        }
    };
    // In a debug build a message is on the stack several times before it is in its box.
    let largest = OWNED.iter().map(|peer| peer.size).max().expect("there are messages");
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            let worker = thread::Builder::new().stack_size((8 << 20) + 8 * largest);
            worker.spawn_scoped(scope, work).expect("the system has threads");
        }
    });
    let failures = failures.into_inner().expect("no thread panics with it");
    assert!(failures.is_empty(), "{} messages differ:\n{}", failures.len(), failures.join("\n"));

    let of_google = WAYS.iter().filter(|ways| ways.name.starts_with("google.")).count();
    let totals = totals.into_inner().expect("no thread panics with it");
    let totals: Vec<String> = totals.iter().map(|(way, sum)| format!("{way} {sum}")).collect();
    println!(
        "{} messages (and {of_google} of Google's), {values} values each; bytes equal to prost's: {}",
        WAYS.len() - of_google,
        totals.join(", "),
    );
}

/// Compares the first `values` values of a type; returns how many bytes that were, by way.
fn check(ways: &Ways, values: usize) -> Result<BTreeMap<&'static str, usize>, String> {
    let descriptor = POOL.get_message_by_name(ways.name).expect("ours are the schema's");
    let peer = |family| find(family, ways.name).expect("both families have all messages");
    let all: [(&str, Way); 5] = [
        ("owned", peer(OWNED).again),
        ("borrowed", peer(BORROWED).again),
        ("borrowed and rebuilt", ways.rebuilt),
        ("borrowed to owned", ways.stored),
        ("rebuilt to owned", ways.stored_rebuilt),
    ];
    let mut bytes = BTreeMap::new();
    let mut never_set: BTreeSet<u32> = descriptor.fields().map(|field| field.number()).collect();
    for index in 0..values {
        let message = random::message(&descriptor, index);
        for (field, _) in message.fields() {
            never_set.remove(&field.number());
        }
        let theirs = prost(ways, &descriptor, &message)
            .map_err(|why| format!("{}, value {index}: {why}", ways.name))?;
        let mut compared = |name, result: Result<(), String>| {
            *bytes.entry(name).or_insert(0) += theirs.len();
            result.map_err(|why| format!("{}, value {index}, {name}: {why}", ways.name))
        };
        for (name, way) in all {
            compared(name, same(way, &theirs))?;
        }
        compared("micropb", same(ways.micropb, &theirs))?;
    }
    match never_set.is_empty() {
        true => Ok(bytes),
        false => Err(format!("{}: no value sets the fields {never_set:?}", ways.name)),
    }
}

/// The bytes of prost's own type, which hold the message.
fn prost(
    ways: &Ways,
    descriptor: &MessageDescriptor,
    message: &DynamicMessage,
) -> Result<Vec<u8>, String> {
    let theirs = (ways.prost)(&message.encode_to_vec());
    let again = DynamicMessage::decode(descriptor.clone(), theirs.as_slice());
    match difference::first(&again.map_err(|error| error.to_string())?, message) {
        Some(path) => Err(format!("prost's two ways differ: {path}")),
        None => Ok(theirs),
    }
}

fn same<E: Debug>(way: fn(&[u8]) -> Result<Vec<u8>, E>, theirs: &[u8]) -> Result<(), String> {
    let ours = panic::catch_unwind(|| way(theirs))
        .map_err(|_| "we panic")?
        .map_err(|error| format!("we refuse prost's: {error:?}"))?;
    match ours == theirs {
        true => Ok(()),
        false => Err(format!("bytes differ\n  ours   {ours:02x?}\n  theirs {theirs:02x?}")),
    }
}
