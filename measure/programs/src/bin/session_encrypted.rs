//! User packets are published and received, encrypted.
#![no_std]
#![no_main]

use core::hint::black_box;

use livekit_micro::data::{Channel, Event, Session};
use livekit_micro::e2ee::{E2ee, Key, KeyRing};
use programs::session::{print, publish};

type Device = Session<(), (), (), E2ee<KeyRing<2>>>;

programs::forever!(|frame, out| {
    static mut SESSION: Device = Device::with_encryption(E2ee::new(KeyRing::new()));
    // SAFETY: a program has one thread, and takes it once in its loop.
    let session = unsafe { &mut *(&raw mut SESSION) };
    let _ = session.e2ee().keys.set(0, Key::new(black_box([1; 16])));
    session.e2ee().seed(black_box([7; 8]));
    publish(&mut session.local, out);
    // A packet is opened where it is received.
    let mut received = [0; 64];
    received.iter_mut().zip(black_box(frame)).for_each(|(to, from)| *to = *from);
    if let Ok((event, replies)) =
        session.receive(Channel::Reliable, black_box(&mut received[..]), black_box(5), out)
    {
        black_box(replies);
        match event {
            Some(Event::Data(data)) => print(&data),
            Some(Event::Refused(refused)) => _ = black_box((refused.from, refused.error)),
            _ => {}
        }
    }
});
