//! A session with end-to-end encryption, on frames that could be anything.

use core::hint::black_box;

use livekit_micro::data::{Channel, Data, Event, Session};
use livekit_micro::e2ee::{Derived, E2ee, Key, KeyRing, ParticipantKeys, Pbkdf2};

/// Takes `bytes` for frames and payloads; returns how many steps succeeded.
pub fn exercise(bytes: &[u8], buf: &mut [u8]) -> usize {
    let mut session: Session<(), (), (), E2ee<KeyRing<2>>> =
        Session::with_encryption(E2ee::new(KeyRing::new()));
    let index = black_box(3);
    let key = Derived::hkdf(black_box(bytes), bytes).key();
    let mut pbkdf2 = Pbkdf2::with_rounds(bytes, bytes, black_box(2));
    let derived = pbkdf2.poll(black_box(2)).map(|it| it.key());
    let mut steps = [
        session.e2ee().keys.set(index, key).is_ok(),
        session.e2ee().keys.set(index, derived.unwrap_or(Key::new([1; 16]))).is_ok(),
        false,
        false,
        session.e2ee().keys.remove(black_box(9)),
    ];
    session.e2ee().seed(black_box([7; 8]));
    let (data, received) = buf.split_at_mut(buf.len() / 2);
    let payload = black_box(bytes);
    let sent = session.publish_data(&Data { payload, topic: "a", to: &[] }, data);
    steps[2] = sent.is_ok();
    received.iter_mut().zip(black_box(bytes)).for_each(|(to, from)| *to = *from);
    let mut keys = ParticipantKeys::<2>::new();
    black_box(keys.set("alice", index, Key::new([1; 16])).is_ok());
    let mut other: Session<(), (), (), E2ee<ParticipantKeys<2>>> =
        Session::with_encryption(E2ee::new(keys));
    let (one, two) = received.split_at_mut(received.len() / 2);
    for opened in [
        session.receive(Channel::Reliable, one, 5, data),
        other.receive(Channel::Lossy, two, 5, &mut []),
    ]
    .into_iter()
    .flatten()
    {
        match opened.0 {
            Some(Event::Data(data)) => steps[3] = !black_box(data.payload).is_empty(),
            Some(Event::Refused(refused)) => _ = black_box((refused.from, refused.error)),
            event => _ = black_box(event),
        }
    }
    steps.into_iter().filter(|it| *it).count()
}
