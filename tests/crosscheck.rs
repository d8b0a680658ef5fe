//! Every message type, prost on the other end: what prost encodes, this crate decodes and encodes
//! again, and the outcome is the same message and, in field-number order, the same bytes.
//!
//! `CROSSCHECK_VALUES` raises the number of values of each type. A failure names the type and the
//! index of the value, which make the same value again: `random::message(type, index)`.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::{env, panic, thread};

use prost_reflect::prost::Message;
use prost_reflect::{DynamicMessage, MessageDescriptor};
use support::peer::{OWNED, POOL, Peer};
use support::{difference, normal, random};

/// Values of each message type, unless `CROSSCHECK_VALUES` asks for more.
const VALUES: usize = 200;

#[test]
fn every_message_agrees_with_prost() {
    let values = match env::var("CROSSCHECK_VALUES") {
        Ok(number) => number.parse().expect("CROSSCHECK_VALUES is a number"),
        Err(_) => VALUES,
    };
    let (next, bytes) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let failures = Mutex::new(Vec::new());
    let work = || {
        while let Some(peer) = OWNED.get(next.fetch_add(1, Relaxed)) {
            match check(peer, values) {
                Ok(compared) => drop(bytes.fetch_add(compared, Relaxed)),
                Err(why) => failures.lock().expect("no thread panics with it").push(why),
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

    let of_google = OWNED.iter().filter(|peer| peer.name.starts_with("google.")).count();
    println!(
        "{} messages, {values} values each, {} bytes compared (and {of_google} of Google's)",
        OWNED.len() - of_google,
        bytes.into_inner(),
    );
}

/// Compares the first `values` values of a type; returns how many bytes that were.
fn check(peer: &Peer, values: usize) -> Result<usize, String> {
    let descriptor = POOL.get_message_by_name(peer.name).expect("peers are of the schema");
    let mut bytes = 0;
    let mut never_set: BTreeSet<u32> = descriptor.fields().map(|field| field.number()).collect();
    for index in 0..values {
        let message = random::message(&descriptor, index);
        for (field, _) in message.fields() {
            never_set.remove(&field.number());
        }
        bytes += compare(peer, &descriptor, &message)
            .map_err(|why| format!("{}, value {index}: {why}", peer.name))?;
    }
    match never_set.is_empty() {
        true => Ok(bytes),
        false => Err(format!("{}: no value sets the fields {never_set:?}", peer.name)),
    }
}

fn compare(
    peer: &Peer,
    descriptor: &MessageDescriptor,
    message: &DynamicMessage,
) -> Result<usize, String> {
    let theirs = message.encode_to_vec();
    let ours = panic::catch_unwind(|| (peer.again)(&theirs))
        .map_err(|_| "we panic")?
        .map_err(|error| format!("we refuse prost's: {error}"))?;
    let again = DynamicMessage::decode(descriptor.clone(), ours.as_slice())
        .map_err(|error| format!("prost refuses ours: {error}"))?;
    if let Some(path) = difference::first(&again, message) {
        return Err(path);
    }
    let theirs = normal::order(descriptor, &theirs).ok_or("prost's bytes are no message")?;
    let ours = normal::order(descriptor, &ours).ok_or("our bytes are no message")?;
    match ours == theirs {
        true => Ok(theirs.len()),
        false => Err(format!("bytes differ\n  ours   {ours:02x?}\n  theirs {theirs:02x?}")),
    }
}
