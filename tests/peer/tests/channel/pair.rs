//! Two of ours, without a network between them.

use livekit_micro_peer::channel::{OpenError, Role, SendError};
use livekit_micro_peer::sctp::{Delivery, Reliability};

use crate::device::{Device, Seen, message, opened};

/// A client that initiates and a server, connected.
fn connected() -> (Device, Device) {
    let mut a = Device::new(Role::Client, true);
    let mut b = Device::new(Role::Server, false);
    exchange(&mut a, &mut b, &mut 0);
    assert_eq!(a.seen, [Seen::Connected]);
    assert_eq!(b.seen, [Seen::Connected]);
    a.seen.clear();
    b.seen.clear();
    (a, b)
}

/// Carries packets until neither has one, or a timer, within a second.
fn exchange(a: &mut Device, b: &mut Device, now: &mut u64) {
    let end = *now + 1000;
    while *now < end {
        let from_a = a.output(*now);
        let from_b = b.output(*now);
        if let Some(packet) = &from_a {
            b.input(packet, *now);
        }
        if let Some(packet) = &from_b {
            a.input(packet, *now);
        }
        if from_a.is_none() && from_b.is_none() {
            *now += 10;
        }
    }
}

#[test]
fn a_channel_has_its_label_and_delivery_at_both_ends() {
    let lossy = Delivery { reliability: Reliability::Retransmits(3), unordered: true };
    let timed = Delivery { reliability: Reliability::Lifetime(500), unordered: false };
    let (mut a, mut b) = connected();
    assert_eq!(a.channels.open("_reliable", "", Delivery::RELIABLE, 0), Ok(0));
    assert_eq!(a.channels.open("_lossy", "protocol", lossy, 0), Ok(2));
    assert_eq!(b.channels.open("ä timed one", "", timed, 0), Ok(1));
    exchange(&mut a, &mut b, &mut 0);
    for (end, own) in [(&mut a, true), (&mut b, false)] {
        assert!(end.saw(&opened(0, "_reliable", Delivery::RELIABLE, !own)));
        assert!(end.saw(&opened(2, "_lossy", lossy, !own)));
        assert!(end.saw(&opened(1, "ä timed one", timed, own)));
        assert_eq!(end.channels.label(2), Some("_lossy"));
        assert_eq!(end.seen, []);
    }
}

#[test]
fn messages_can_be_empty_and_are_text_or_binary() {
    let (mut a, mut b) = connected();
    let channel = a.channels.open("x", "", Delivery::RELIABLE, 0).unwrap();
    a.channels.send(channel, &[b"ab", b"", b"c"], 0).unwrap();
    a.channels.send(channel, &[], 0).unwrap();
    a.channels.send_text(channel, "", 0).unwrap();
    a.channels.send_text(channel, "ö", 0).unwrap();
    exchange(&mut a, &mut b, &mut 0);
    let seen = [
        opened(0, "x", Delivery::RELIABLE, true),
        message(0, false, b"abc"),
        message(0, false, b""),
        message(0, true, b""),
        message(0, true, "ö".as_bytes()),
    ];
    assert_eq!(b.seen, seen);
}

#[test]
fn a_closed_channel_is_closed_at_both_ends_and_its_number_is_used_again() {
    let (mut a, mut b) = connected();
    let mut now = 0;
    for round in 0..5 {
        let label = format!("round {round}");
        assert_eq!(a.channels.open(&label, "", Delivery::RELIABLE, now), Ok(0));
        a.channels.send(0, &[b"last words"], now).unwrap();
        // The message is on its way when the channel is closed.
        a.channels.close(0);
        assert_eq!(a.channels.send(0, &[b"too late"], now), Err(SendError::NotOpen { channel: 0 }));
        exchange(&mut a, &mut b, &mut now);
        let seen = [
            opened(0, &label, Delivery::RELIABLE, true),
            message(0, false, b"last words"),
            Seen::Closed { channel: 0 },
        ];
        assert_eq!(b.seen, seen);
        assert_eq!(a.seen.last(), Some(&Seen::Closed { channel: 0 }));
        a.seen.clear();
        b.seen.clear();
    }
}

#[test]
fn a_channel_beyond_the_capacity_is_closed_and_the_others_work() {
    let (mut a, mut b) = connected();
    let mut now = 0;
    for channel in [1, 3] {
        assert_eq!(b.channels.open("from b", "", Delivery::RELIABLE, now), Ok(channel));
    }
    exchange(&mut a, &mut b, &mut now);
    for channel in [0, 2] {
        assert_eq!(a.channels.open("from a", "", Delivery::RELIABLE, now), Ok(channel));
    }
    assert_eq!(
        a.channels.open("fifth", "", Delivery::RELIABLE, now),
        Err(OpenError::TooManyChannels { capacity: 4 })
    );
    // b opens a channel too, before it hears of a's.
    assert_eq!(b.channels.open("fifth", "", Delivery::RELIABLE, now), Ok(5));
    exchange(&mut a, &mut b, &mut now);
    assert!(b.saw(&Seen::Closed { channel: 5 }), "{:?}", b.seen);
    assert!(a.saw(&Seen::Closed { channel: 2 }), "{:?}", a.seen);
    a.channels.send(0, &[b"still"], now).unwrap();
    exchange(&mut a, &mut b, &mut now);
    assert!(b.saw(&message(0, false, b"still")), "{:?}", b.seen);
}

#[test]
fn a_label_that_is_too_long_is_refused_at_both_ends() {
    let (mut a, mut b) = connected();
    let label = "l".repeat(33);
    assert_eq!(
        a.channels.open(&label, "", Delivery::RELIABLE, 0),
        Err(OpenError::LabelTooLong { len: 33 })
    );
    assert_eq!(a.channels.open(&label[..32], "", Delivery::RELIABLE, 0), Ok(0));
    exchange(&mut a, &mut b, &mut 0);
    assert!(b.saw(&opened(0, &label[..32], Delivery::RELIABLE, true)));
}

#[test]
fn a_refused_message_can_be_sent_when_an_event_says_so() {
    let (mut a, mut b) = connected();
    let mut now = 0;
    let channel = a.channels.open("x", "", Delivery::RELIABLE, now).unwrap();
    exchange(&mut a, &mut b, &mut now);
    a.seen.clear();
    let body = [7; 1500];
    while a.channels.send(channel, &[&body], now).is_ok() {}
    let waiting = a.channels.unacknowledged(channel);
    assert_eq!(waiting, 3000);
    assert_eq!(a.seen, []);
    exchange(&mut a, &mut b, &mut now);
    assert_eq!(a.seen, [Seen::Writable]);
    assert_eq!(a.channels.unacknowledged(channel), 0);
    assert_eq!(a.channels.send(channel, &[&body], now), Ok(()));
}

#[test]
fn nothing_is_writable_because_an_acknowledgement_had_to_wait() {
    let (mut a, mut b) = connected();
    let mut now = 0;
    let channel = a.channels.open("x", "", Delivery::RELIABLE, now).unwrap();
    exchange(&mut a, &mut b, &mut now);
    a.seen.clear();
    let body = [7; 4096];
    let fits = |len: &usize| a.channels.send(channel, &[&body[..*len]], now).is_ok();
    let len = (0..4096).rev().find(fits).unwrap();
    assert!(a.channels.free() < 20, "{len} bytes leave space for an acknowledgement");
    b.channels.open("y", "", Delivery::RELIABLE, now).unwrap();
    exchange(&mut a, &mut b, &mut now);
    assert_eq!(a.seen, [opened(1, "y", Delivery::RELIABLE, true)]);
    assert!(b.saw(&opened(1, "y", Delivery::RELIABLE, false)));
}

#[test]
fn an_association_that_is_shut_down_ends_at_both_ends_after_its_messages() {
    use livekit_micro_peer::sctp::Error;
    let (mut a, mut b) = connected();
    let channel = a.channels.open("x", "", Delivery::RELIABLE, 0).unwrap();
    a.channels.send(channel, &[&[1; 3000]], 0).unwrap();
    a.channels.shut_down();
    assert!(a.channels.send(channel, &[b"too late"], 0).is_err());
    exchange(&mut a, &mut b, &mut 0);
    assert!(b.saw(&message(channel, false, &[1; 3000])));
    assert_eq!(b.seen.last(), Some(&Seen::Ended(Error::Shutdown)));
    assert_eq!(a.seen.last(), Some(&Seen::Ended(Error::Shutdown)));
}

#[test]
fn an_abort_ends_the_other_end_with_its_cause() {
    use livekit_micro_peer::sctp::Error;
    let (mut a, mut b) = connected();
    a.channels.abort();
    exchange(&mut a, &mut b, &mut 0);
    assert_eq!(a.seen, [Seen::Ended(Error::Abandoned)]);
    assert_eq!(b.seen, [Seen::Ended(Error::Aborted { cause: 12 })]);
}

#[test]
fn messages_are_ordered_until_the_peer_knows_the_channel() {
    /// The flags of a packet's DATA chunks.
    fn flags(packet: &[u8]) -> Vec<u8> {
        let mut rest = &packet[12..];
        let mut flags = vec![];
        while let [kind, flag, l0, l1, ..] = rest {
            if *kind == 0 {
                flags.push(flag & 7);
            }
            let len = usize::from(u16::from_be_bytes([*l0, *l1])).next_multiple_of(4);
            rest = &rest[len..];
        }
        flags
    }
    let (mut a, mut b) = connected();
    let channel = a.channels.open("x", "", Delivery::LOSSY, 0).unwrap();
    a.channels.send(channel, &[b"early"], 0).unwrap();
    let packet = a.output(0).unwrap();
    assert_eq!(flags(&packet), [3, 3]);
    b.input(&packet, 0);
    exchange(&mut a, &mut b, &mut 0);
    assert!(a.saw(&opened(channel, "x", Delivery::LOSSY, false)));
    a.channels.send(channel, &[b"later"], 2000).unwrap();
    assert_eq!(flags(&a.output(2000).unwrap()), [7]);
}
