//! Any bytes for an answer of the server: what it means does not depend on the pieces in which it
//! came, and a list's items not on the room there is for them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use livekit_micro::server::{CallError, PerformRpc, Record, Records, Reply, ReplyError, SendData};

fuzz_target!(|input: &[u8]| {
    let Some((&[room, step], bytes)) = input.split_first_chunk() else { return };
    // 128 bytes are the least of use.
    let (room, step) = (128 + usize::from(room), 1 + usize::from(step));
    assert_eq!(reply(bytes, room, step), reply(bytes, room, bytes.len().max(1)));

    let (mut some, mut more) = (Vec::new(), Vec::new());
    let end = list(bytes, room, step, &mut some);
    let same = list(bytes, bytes.len() + 128, bytes.len().max(1), &mut more);
    // What is handed out before a mistake, and which of two is seen, depends on what is there.
    assert_eq!(end.is_ok(), same.is_ok(), "{end:?}, {same:?}");
    assert!(end.is_err() || some.len() == more.len());
    for ((start, len), (whole, same)) in some.iter().zip(&more) {
        assert_eq!(len, same);
        assert!(whole.starts_with(start), "{start:?} of {whole:?}");
    }
});

/// What an answer says to who sent data, to who called a method, and as far as it came.
type Said = (Result<(), CallError>, Result<String, CallError>, Option<u16>, Vec<u8>);

/// What a reply says of `bytes` that come `step` at a time before the connection is closed.
fn reply(bytes: &[u8], room: usize, step: usize) -> Result<Said, ReplyError> {
    let (mut buf, mut rest) = (vec![0; room], bytes);
    let mut reply = Reply::new(&mut buf);
    while !reply.is_complete() {
        let count = arrive(reply.space(), &mut rest, step);
        reply.advance(count)?;
    }
    let sent = reply.message::<SendData>().map(drop);
    let called = reply.message::<PerformRpc>().map(|it| it.payload.to_owned());
    Ok((sent, called, reply.status(), reply.body().to_vec()))
}

/// Adds what of each item is handed out, and its length, to `items`.
fn list(
    bytes: &[u8],
    room: usize,
    step: usize,
    items: &mut Vec<(Vec<u8>, usize)>,
) -> Result<(), CallError> {
    let (mut buf, mut rest) = (vec![0; room], bytes);
    let mut list = Records::new(&mut buf);
    loop {
        while let Some(record) = list.next()? {
            items.push(match record {
                Record::Whole(bytes) => (bytes.to_vec(), bytes.len()),
                Record::Start { bytes, len } => (bytes.to_vec(), len),
            });
        }
        if list.is_complete() {
            return Ok(());
        }
        let count = arrive(list.space(), &mut rest, step);
        list.advance(count)?;
    }
}

/// Puts the next `step` of the bytes into `space`, as far as they fit; returns how many.
fn arrive(space: &mut [u8], rest: &mut &[u8], step: usize) -> usize {
    assert!(!space.is_empty());
    let (now, later) = rest.split_at(step.min(space.len()).min(rest.len()));
    space[..now.len()].copy_from_slice(now);
    *rest = later;
    now.len()
}
