//! What is full, and who is told of it.

use livekit_micro::data::Channel;
use livekit_micro::link::SendError;

use crate::lab::{Lab, SIZES, Sizes, Told, packet, user};

#[test]
fn what_the_bridge_drops_is_counted_in_its_place() {
    let mut lab = Lab::connected(&Sizes { bridge_send: 4_096, ..SIZES });
    let numbered = |number: u32| number.to_be_bytes().repeat(50);
    for sequence in 1..=300 {
        lab.bridge.forward(Channel::Reliable, &packet(sequence, user(&numbered(sequence))));
        lab.run_ms(4);
    }
    lab.until(|lab| lab.bridge.unacknowledged() == 0);
    lab.run_ms(100);
    // The device knows of each packet: it has received it, or was told that it is lost.
    let (mut next, mut dropped) = (1, 0);
    for told in &lab.told {
        match told {
            Told::Data(payload) => {
                assert_eq!(*payload, numbered(next), "{} were dropped before", dropped);
                next += 1;
            }
            Told::Dropped(reliable, 0) => {
                next += reliable;
                dropped += reliable;
            }
            other => assert_eq!(*other, Told::State("connected".into())),
        }
    }
    assert_eq!(next, 301);
    assert!((50..250).contains(&dropped), "{dropped}");
}

#[test]
fn lossy_packets_make_way_for_reliable_ones() {
    let mut lab = Lab::connected(&Sizes { bridge_send: 8_192, ..SIZES });
    let mut sent = [0; 2];
    for sequence in 1..=60 {
        sent[0] += u32::from(lab.bridge.forward(Channel::Lossy, &packet(0, user(&[7; 150]))));
        let reliable = packet(sequence, user(&[8; 20]));
        sent[1] += u32::from(lab.bridge.forward(Channel::Reliable, &reliable));
    }
    assert!(sent[0] < 30 && sent[1] == 60, "{sent:?}");
    lab.until(|lab| lab.bridge.unacknowledged() == 0);
    lab.run_ms(100);
    let dropped = lab.told.iter().filter_map(|it| match it {
        Told::Dropped(0, lossy) => Some(*lossy),
        _ => None,
    });
    assert_eq!(dropped.sum::<u32>(), 60 - sent[0]);
    assert_eq!(lab.received().len() as u32, sent[0] + sent[1]);
}

#[test]
fn a_device_that_sends_too_fast_is_told_and_told_when_there_is_space() {
    let mut lab = Lab::connected(&SIZES);
    lab.window = 0;
    lab.run_ms(50);
    let mut sent: u8 = 0;
    while lab.publish(&[sent; 100]).is_ok() {
        sent += 1;
    }
    assert_eq!(lab.publish(&[0; 100]), Err(SendError::Full));
    assert!(sent > 3);
    // The bridge has no space, and hears nothing but that there is something to send.
    lab.run_ms(20_000);
    assert!(lab.published().len() < usize::from(sent));
    assert!(lab.link.is_connected());
    lab.window = 4_096;
    lab.until(|lab| lab.told.last() == Some(&Told::State("writable".into())));
    lab.publish(&[sent; 100]).expect("there is space");
    lab.until(|lab| lab.published().len() > usize::from(sent));
    assert!(lab.published().iter().zip(0..).all(|(it, n)| *it == [n; 100]));
}

#[test]
fn a_device_that_is_busy_stops_the_bridge() {
    let mut lab = Lab::connected(&SIZES);
    lab.link.set_window(0);
    lab.run_ms(200);
    for sequence in 1..=10 {
        assert!(lab.bridge.forward(Channel::Reliable, &packet(sequence, user(&[1; 100]))));
    }
    lab.run_ms(30_000);
    assert_eq!(lab.received().len(), 0);
    lab.link.set_window(300);
    lab.until(|lab| lab.received().len() == 10);
}

#[test]
fn packets_that_can_never_be_sent_are_refused_with_the_most() {
    let mut lab = Lab::connected(&SIZES);
    let refused = lab.publish(&[0; 1_100]).expect_err("it does not fit the frame");
    let SendError::TooLong { needed, max: 1_024 } = refused else { panic!("{refused}") };
    assert!(needed > 1_100);
    lab.publish(&[0; 1_000]).expect("it fits");
}
