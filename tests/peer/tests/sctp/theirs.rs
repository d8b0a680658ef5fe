//! An end that is sctp-proto's.

use livekit_micro_peer::sctp::Delivery;
pub use peer_tests::sctp_proto::Theirs;
use sctp_proto::PayloadProtocolIdentifier;

use crate::network::End;

impl End for Theirs {
    fn input(&mut self, packet: &[u8], now: u64) {
        self.input(packet, now);
    }

    fn output(&mut self, now: u64) -> Option<Vec<u8>> {
        self.output(now)
    }

    fn due(&mut self, now: u64) -> Option<u64> {
        self.due(now)
    }

    fn connected(&self) -> bool {
        self.connected
    }

    fn closed(&self) -> bool {
        self.lost.is_some()
    }

    fn send(&mut self, stream: u16, delivery: Delivery, message: &[u8], _: u64) -> bool {
        self.send_as(PayloadProtocolIdentifier::Binary, stream, delivery, message)
    }

    fn received(&mut self) -> Vec<(u16, Vec<u8>)> {
        self.messages.drain(..).map(|(stream, _, message)| (stream, message)).collect()
    }

    fn busy(&mut self) -> bool {
        let Some((_, association)) = &mut self.association else { return false };
        let ids = association.stream_ids();
        let waiting: usize = ids
            .into_iter()
            .map(|id| association.stream(id).unwrap().buffered_amount().unwrap_or(0))
            .sum();
        waiting > 64_000
    }
}
