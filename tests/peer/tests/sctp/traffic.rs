//! Messages that know their number, and what may arrive of them.

use std::collections::HashMap;

use livekit_micro_peer::sctp::{Delivery, Reliability};

use crate::network::End;

/// Messages of one direction and stream.
pub struct Flow {
    pub from: usize,
    pub stream: u16,
    pub delivery: Delivery,
    /// Lengths of the messages, each at least 4.
    pub lengths: Vec<usize>,
    sent: usize,
    arrived: Vec<u32>,
}

impl Flow {
    pub fn new(from: usize, stream: u16, delivery: Delivery, lengths: Vec<usize>) -> Self {
        Self { from, stream, delivery, lengths, sent: 0, arrived: vec![] }
    }

    fn is_reliable(&self) -> bool {
        self.delivery.reliability == Reliability::Reliable
    }

    pub fn arrived(&self) -> usize {
        self.arrived.len()
    }

    pub fn all_sent(&self) -> bool {
        self.sent == self.lengths.len()
    }

    fn complete(&self) -> bool {
        self.all_sent() && (!self.is_reliable() || self.arrived.len() == self.lengths.len())
    }
}

/// Hands over what the ends take, and checks what arrived. Returns whether everything was sent, and everything
/// reliable arrived.
pub fn exchange(flows: &mut [Flow], ends: &mut [&mut dyn End; 2], now: u64) -> bool {
    for (index, end) in ends.iter_mut().enumerate() {
        for (stream, message) in end.received() {
            let flow = flows
                .iter_mut()
                .find(|flow| flow.from != index && flow.stream == stream)
                .expect("a message on a stream that nobody used");
            let number =
                u32::from_be_bytes(*message.first_chunk().expect("a message without number"));
            let length = *flow.lengths.get(number as usize).expect("a message that nobody sent");
            assert_eq!(message, body(stream, number, length), "not what was sent");
            flow.arrived.push(number);
        }
    }
    for flow in flows.iter_mut() {
        let end = &mut ends[flow.from];
        while !flow.all_sent() && end.connected() && !end.busy() {
            let message = body(flow.stream, flow.sent as u32, flow.lengths[flow.sent]);
            if !end.send(flow.stream, flow.delivery, &message, now) {
                break;
            }
            flow.sent += 1;
        }
    }
    flows.iter().all(Flow::complete)
}

/// Nothing arrived twice; what is ordered arrived in order.
pub fn check(flows: &[Flow]) {
    for flow in flows {
        let mut counts = HashMap::new();
        flow.arrived.iter().for_each(|number| *counts.entry(number).or_insert(0) += 1);
        assert!(counts.values().all(|count| *count == 1), "a message arrived twice");
        if !flow.delivery.unordered {
            assert!(flow.arrived.is_sorted(), "messages arrived out of order");
        }
        if flow.is_reliable() {
            assert_eq!(flow.arrived.len(), flow.sent, "a reliable message is missing");
        }
    }
}

pub fn body(stream: u16, number: u32, length: usize) -> Vec<u8> {
    let mut body = number.to_be_bytes().to_vec();
    body.extend(
        (4..length).map(|at| (at as u32 ^ number.wrapping_mul(31) ^ u32::from(stream)) as u8),
    );
    body.truncate(length.max(4));
    body
}
