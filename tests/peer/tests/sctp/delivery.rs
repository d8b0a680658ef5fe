//! What is sent arrives: all of it, once, in order, as long as the network lets anything through.

use livekit_micro_peer::sctp::Delivery;

use crate::network::{Network, PERFECT};
use crate::ours::{DEVICE, Ours};
use crate::theirs::Theirs;
use crate::traffic::{Flow, check, exchange};

#[test]
fn two_of_ours_connect_and_exchange_messages() {
    let mut a = Ours::initiator(&DEVICE);
    let mut b = Ours::responder(&DEVICE);
    let mut network = Network::new(1, PERFECT);
    let mut flows = [
        Flow::new(0, 0, Delivery::RELIABLE, vec![4, 100, 3000, 1200, 5]),
        Flow::new(1, 0, Delivery::RELIABLE, vec![4, 100, 3000, 1200, 5]),
    ];
    assert!(
        network.run(&mut [&mut a, &mut b], 60_000, |ends, now| exchange(&mut flows, ends, now))
    );
    check(&flows);
}

#[test]
fn ours_answers_an_init_of_sctp_proto() {
    let mut a = Theirs::client();
    let mut b = Ours::responder(&DEVICE);
    let mut network = Network::new(1, PERFECT);
    let mut flows = [
        Flow::new(0, 0, Delivery::RELIABLE, vec![4, 100, 3000, 1200, 5]),
        Flow::new(1, 0, Delivery::RELIABLE, vec![4, 100, 3000, 1200, 5]),
    ];
    assert!(
        network.run(&mut [&mut a, &mut b], 60_000, |ends, now| exchange(&mut flows, ends, now))
    );
    check(&flows);
}

#[test]
fn ours_connects_to_sctp_proto() {
    let mut a = Ours::initiator(&DEVICE);
    let mut b = Theirs::server();
    let mut network = Network::new(1, PERFECT);
    let mut flows = [
        Flow::new(0, 0, Delivery::RELIABLE, vec![4, 100, 3000, 1200, 5]),
        Flow::new(1, 0, Delivery::RELIABLE, vec![4, 100, 3000, 1200, 5]),
    ];
    assert!(
        network.run(&mut [&mut a, &mut b], 60_000, |ends, now| exchange(&mut flows, ends, now))
    );
    check(&flows);
}
