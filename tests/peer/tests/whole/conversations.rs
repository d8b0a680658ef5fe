//! What is said, to each of the others.

use std::time::Duration;

use livekit_micro_peer::peer::Error;
use livekit_micro_peer::sctp::Delivery;
use peer_tests::whole::{Device, Link, Remote, Told};
use serde_json::json;

use crate::{chromium, device, pion};

macro_rules! with {
    ($($name:ident $conversation:ident $remote:expr, $link:expr;)*) => {$(
        #[test]
        fn $name() {
            let (mut remote, mut device) = ($remote, device($link));
            device.offer(&mut remote);
            device.event(&mut remote, "connected", |told| *told == Told::Connected);
            $conversation(&mut device, &mut remote);
        }
    )*};
}

with! {
    pion_sends_messages_of_every_length_back echo pion(&[]), udp();
    lite_pion_sends_messages_of_every_length_back echo pion(&["-lite"]), udp();
    pion_sends_messages_of_every_length_back_over_tcp echo pion(&["-tcp"]), None;
    pion_sends_messages_back_though_a_tenth_of_the_datagrams_is_lost echo pion(&[]), Some(Link::udp(10, 1));
    chromium_sends_messages_of_every_length_back echo chromium(), udp();
    pion_opens_and_closes_channels channels pion(&[]), udp();
    chromium_opens_and_closes_channels channels chromium(), udp();
    pion_receives_ten_thousand_messages pour pion(&[]), udp();
    chromium_receives_ten_thousand_messages pour chromium(), udp();
    pion_and_a_device_restart_ice restart pion(&[]), udp();
    chromium_and_a_device_restart_ice restart chromium(), udp();
    pion_sees_a_device_leave leave pion(&[]), udp();
    chromium_sees_a_device_leave leave chromium(), udp();
    a_device_that_left_pion_connects_to_another again pion(&[]), udp();
}

fn udp() -> Option<Link> {
    Some(Link::udp(0, 0))
}

fn open(device: &mut Device, remote: &mut Remote, label: &str, delivery: Delivery) -> u16 {
    let now_ms = device.now_ms();
    let channel = device.peer.open(label, delivery, now_ms).expect("there is space");
    device.event(remote, "opened", |told| {
        *told == Told::Opened { channel, label: label.into(), delivery, by_peer: false }
    });
    channel
}

/// Sends a message and receives the same.
fn exchange(device: &mut Device, remote: &mut Remote, channel: u16, is_text: bool, data: &[u8]) {
    assert!(device.send(channel, is_text, data), "{} bytes", data.len());
    let told = device.event(remote, &format!("{} bytes", data.len()), |told| {
        matches!(told, Told::Message { .. })
    });
    assert!(told == Told::Message { channel, is_text, data: data.into() }, "{} bytes", data.len());
}

/// Messages of 0 B to 64 KB, both ways.
fn echo(device: &mut Device, remote: &mut Remote) {
    let reliable = open(device, remote, "reliable", Delivery::RELIABLE);
    for len in [0, 1, 100, 1_100, 1_200, 4_096, 16_384, 65_536] {
        let data: Vec<u8> = (0..len).map(|at| b'a' + (at % 26) as u8).collect();
        exchange(device, remote, reliable, false, &data);
        exchange(device, remote, reliable, true, &data);
    }
    let lossy = open(device, remote, "lossy", Delivery::LOSSY);
    // Some of these may be lost.
    let mut count = 0;
    for number in 0..50u8 {
        assert!(device.send(lossy, false, &[number; 200]));
        for _ in 0..3 {
            device.turn(remote);
        }
    }
    // What is reliable comes after them.
    assert!(device.send(reliable, false, b"end"));
    loop {
        let told = device.event(remote, "end", |told| matches!(told, Told::Message { .. }));
        match told {
            Told::Message { channel, data, .. } if channel == lossy => {
                assert!(data.len() == 200 && data.iter().all(|byte| *byte == data[0]));
                count += 1;
            }
            told => {
                assert_eq!(
                    told,
                    Told::Message { channel: reliable, is_text: false, data: b"end".into() }
                );
                break;
            }
        }
    }
    assert!(count >= 20, "{count} of 50");
}

/// Channels that the other end opens, and that either closes.
fn channels(device: &mut Device, remote: &mut Remote) {
    remote.tell(&json!({ "open": "theirs", "unordered": true, "retransmits": 0 }));
    let told = device.event(remote, "opened", |told| matches!(told, Told::Opened { .. }));
    let Told::Opened { channel: theirs, label, delivery, by_peer: true } = told else {
        panic!("{told:?}")
    };
    assert_eq!((label.as_str(), delivery), ("theirs", Delivery::LOSSY));
    assert_eq!(theirs % 2, 1, "a server of DTLS opens odd numbers");
    exchange(device, remote, theirs, false, b"hello");
    let ours = open(device, remote, "ours", Delivery::RELIABLE);
    exchange(device, remote, ours, true, b"hello");
    remote.tell(&json!({ "close": "theirs" }));
    device.event(remote, "closed", |told| *told == Told::Closed { channel: theirs });
    device.peer.close_channel(ours);
    device.event(remote, "closed", |told| *told == Told::Closed { channel: ours });
    device.until(remote, "closed there", Duration::from_secs(10), |device| {
        device.remote_told.contains(&json!({ "closed": "ours" })).then_some(())
    });
    // The number is free again.
    let again = open(device, remote, "again", Delivery::RELIABLE);
    exchange(device, remote, again, true, b"hello");
}

/// 10 000 messages, as fast as there is memory.
fn pour(device: &mut Device, remote: &mut Remote) {
    let sink = open(device, remote, "sink", Delivery::RELIABLE);
    for number in 0..10_000u32 {
        let data = vec![0; (number % 300) as usize + 1];
        while !device.send(sink, false, &data) {
            device.turn(remote);
        }
    }
    let bytes: u32 = (0..10_000).map(|number| number % 300 + 1).sum();
    let all = json!({ "messages": 10_000, "bytes": bytes });
    device.until(remote, "all of them", Duration::from_secs(60), |device| {
        device.remote_told.contains(&all).then_some(())
    });
    device.until(remote, "acknowledged", Duration::from_secs(5), |device| {
        (device.peer.unacknowledged(sink) == 0).then_some(())
    });
}

/// What is sent while ICE restarts arrives.
fn restart(device: &mut Device, remote: &mut Remote) {
    let channel = open(device, remote, "echo", Delivery::RELIABLE);
    exchange(device, remote, channel, false, b"before");
    for _ in 0..3 {
        device.offer(remote);
        exchange(device, remote, channel, false, b"meanwhile");
        // An offer is answered before the next one is made.
        device.until(remote, "an answer", Duration::from_secs(10), |device| {
            std::mem::take(&mut device.is_answered).then_some(())
        });
        exchange(device, remote, channel, false, b"after");
        device.until(remote, "an answer of SCTP", Duration::from_secs(2), |device| {
            device.peer.is_reached().then_some(())
        });
    }
}

/// The other end learns it at once, not by a timeout.
fn leave(device: &mut Device, remote: &mut Remote) {
    let channel = open(device, remote, "echo", Delivery::RELIABLE);
    device.peer.close();
    let told = device.event(remote, "ended", |told| matches!(told, Told::Ended(_)));
    assert_eq!(told, Told::Ended(Error::Dtls(livekit_micro_peer::dtls::Error::Closed)));
    assert!(device.peer.send(channel, &[b"too late"], 0).is_err());
    device.until(remote, "closed there", Duration::from_secs(4), |device| {
        device.remote_told.contains(&json!({ "closed": "echo" })).then_some(())
    });
}

/// The same peer connects again, to another end with another certificate.
fn again(device: &mut Device, remote: &mut Remote) {
    leave(device, remote);
    let mut other = pion(&[]);
    device.told.clear();
    device.offer(&mut other);
    let told = device.event(&mut other, "connected", |_| true);
    assert_eq!(told, Told::Connected, "nothing is told of the connection before");
    let channel = open(device, &mut other, "again", Delivery::RELIABLE);
    exchange(device, &mut other, channel, false, b"hello");
}
