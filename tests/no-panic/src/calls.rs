//! Server calls and tokens, on bytes that could be anything.

use core::hint::black_box;

use livekit_micro::borrowed::{PerformRpcRequest, SendDataRequest};
use livekit_micro::server::{
    Backoff, Endpoint, Nonce, Outbox, PerformRpc, Poll, Records, Reply, SendData, Verdict,
};
use livekit_micro::token::{Claims, VideoGrant, mint, verify};

/// Takes `bytes` for texts, payloads, answers and tokens; how many steps succeeded.
pub fn exercise(bytes: &[u8], buf: &mut [u8]) -> usize {
    let bytes = black_box(bytes);
    let (front, back) = bytes.split_at(bytes.len() / 2);
    let text = core::str::from_utf8(front).unwrap_or("room");
    [
        send(text, back, buf),
        call(text, buf),
        answer(bytes, buf),
        list(bytes, buf),
        deliver(back),
        sign(text, back, buf),
    ]
    .into_iter()
    .filter(|it| it.is_some())
    .count()
}

fn send(text: &str, data: &[u8], buf: &mut [u8]) -> Option<usize> {
    let to = [text, text];
    let call = SendDataRequest {
        room: text,
        data,
        topic: Some(text),
        destination_identities: (&to).into(),
        nonce: data.get(..16)?,
        ..Default::default()
    };
    let server = Endpoint { host: text, token: text, close: black_box(true) };
    server.request::<SendData>(&call, buf).ok().map(<[u8]>::len)
}

fn call(text: &str, buf: &mut [u8]) -> Option<usize> {
    let call = PerformRpcRequest {
        room: text,
        destination_identity: text,
        method: text,
        payload: text,
        ..Default::default()
    };
    let server = Endpoint { host: text, token: text, close: false };
    server.request::<PerformRpc>(&call, buf).ok().map(<[u8]>::len)
}

/// Puts as much of `bytes` into `space` as fits; returns the rest.
fn receive<'a>(bytes: &'a [u8], space: &mut [u8]) -> (usize, &'a [u8]) {
    let count = space.len().min(bytes.len()).min(black_box(100));
    space.iter_mut().zip(bytes).take(count).for_each(|(to, from)| *to = *from);
    (count, bytes.get(count..).unwrap_or_default())
}

fn answer(mut bytes: &[u8], buf: &mut [u8]) -> Option<usize> {
    let mut reply = Reply::new(buf);
    while !reply.is_complete() {
        let (count, rest) = receive(bytes, reply.space());
        bytes = rest;
        reply.advance(count).ok()?;
    }
    black_box(reply.message::<SendData>().is_ok() && reply.keeps_alive());
    reply.message::<PerformRpc>().ok().map(|it| it.payload.len())
}

fn list(mut bytes: &[u8], buf: &mut [u8]) -> Option<usize> {
    let mut list = Records::new(buf);
    let mut items = 0usize;
    loop {
        while list.next().ok()?.is_some() {
            items = items.wrapping_add(1);
        }
        if list.is_complete() {
            return Some(items);
        }
        let (count, rest) = receive(bytes, list.space());
        bytes = rest;
        list.advance(count).ok()?;
    }
}

fn deliver(bytes: &[u8]) -> Option<usize> {
    let mut outbox: Outbox<4, 64> = Outbox::new(Backoff::new(1_000, 30_000));
    let nonce = Nonce::new(*bytes.first_chunk()?).ok()?;
    for (now, byte) in (0u64..).zip(bytes) {
        black_box(outbox.push(bytes.get(..usize::from(*byte))?, nonce).is_ok());
        if let Poll::Send(it) = outbox.poll(black_box(now)) {
            black_box(it);
        }
        let verdict = match byte & 3 {
            0 => Verdict::Accepted,
            1 => Verdict::Unknown,
            2 => Verdict::Token,
            _ => Verdict::Refused,
        };
        black_box(outbox.settle(black_box(now), verdict, u32::from(*byte)));
    }
    Some(outbox.len())
}

fn sign(text: &str, secret: &[u8], buf: &mut [u8]) -> Option<usize> {
    let claims = Claims {
        identity: text,
        metadata: text,
        attributes: &[(text, text)],
        video: VideoGrant::join(text),
        ..Claims::new(text, black_box(1))
    };
    let (token, room) = buf.split_at_mut_checked(buf.len() / 2)?;
    let token = mint(&claims, secret, token).ok()?;
    black_box(verify(text, secret, black_box(0), room).is_ok());
    verify(token, secret, black_box(0), room).ok().map(|it| it.json.len())
}
