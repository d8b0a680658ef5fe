//! An end that is sctp-proto's.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use livekit_micro_peer::sctp::{Delivery, Reliability};
use sctp_proto::{
    Association, AssociationHandle, ClientConfig, DatagramEvent, Endpoint, EndpointConfig, Event,
    Payload, PayloadProtocolIdentifier, ReliabilityType, ServerConfig, StreamEvent,
};

use crate::network::End;

pub struct Theirs {
    endpoint: Endpoint,
    pub association: Option<(AssociationHandle, Association)>,
    began: Instant,
    connected: bool,
    pub lost: Option<String>,
    messages: Vec<(u16, Vec<u8>)>,
    pub finished: Vec<u16>,
    out: Vec<Vec<u8>>,
}

impl Theirs {
    fn new(server: bool) -> Self {
        let server = server.then(|| Arc::new(ServerConfig::default()));
        Self {
            endpoint: Endpoint::new(Arc::new(EndpointConfig::default()), server),
            association: None,
            began: Instant::now(),
            connected: false,
            lost: None,
            messages: vec![],
            finished: vec![],
            out: vec![],
        }
    }

    pub fn server() -> Self {
        Self::new(true)
    }

    pub fn client() -> Self {
        let mut theirs = Self::new(false);
        let association = theirs.endpoint.connect(ClientConfig::default(), remote()).unwrap();
        theirs.association = Some(association);
        theirs
    }

    fn at(&self, now: u64) -> Instant {
        self.began + Duration::from_millis(now)
    }

    fn events(&mut self, now: u64) {
        let at = self.at(now);
        let Some((handle, association)) = &mut self.association else { return };
        while let Some(event) = association.poll() {
            match event {
                Event::Connected => self.connected = true,
                Event::HandshakeFailed { reason } | Event::AssociationLost { reason } => {
                    self.lost = Some(reason.to_string());
                }
                Event::Stream(StreamEvent::Finished { id }) => self.finished.push(id),
                _ => {}
            }
        }
        for id in association.stream_ids() {
            let mut stream = association.stream(id).unwrap();
            while let Ok(Some(chunks)) = stream.read_sctp() {
                let mut message = vec![0; chunks.len()];
                chunks.read(&mut message).unwrap();
                self.messages.push((id, message));
            }
        }
        // The endpoint would forget an association that shuts down as soon as it begins to.
        if association.is_closed() {
            while let Some(event) = association.poll_endpoint_event() {
                self.endpoint.handle_event(*handle, event);
            }
        }
        while let Some(transmit) = association.poll_transmit(at) {
            if let Payload::RawEncode(packets) = transmit.payload {
                self.out.extend(packets.iter().map(|packet| packet.to_vec()));
            }
        }
        while let Some(transmit) = self.endpoint.poll_transmit() {
            if let Payload::RawEncode(packets) = transmit.payload {
                self.out.extend(packets.iter().map(|packet| packet.to_vec()));
            }
        }
    }
}

fn remote() -> SocketAddr {
    "10.0.0.1:5000".parse().unwrap()
}

impl End for Theirs {
    fn input(&mut self, packet: &[u8], now: u64) {
        let at = self.at(now);
        match self.endpoint.handle(at, remote(), None, None, packet.to_vec().into()) {
            Some((handle, DatagramEvent::NewAssociation(association))) => {
                self.association = Some((handle, association));
            }
            Some((_, DatagramEvent::AssociationEvent(event))) => {
                if let Some((_, association)) = &mut self.association {
                    association.handle_event(event);
                }
            }
            None => {}
        }
        self.events(now);
    }

    fn output(&mut self, now: u64) -> Option<Vec<u8>> {
        let at = self.at(now);
        if let Some((_, association)) = &mut self.association
            && association.poll_timeout().is_some_and(|due| due <= at)
        {
            association.handle_timeout(at);
        }
        self.events(now);
        (!self.out.is_empty()).then(|| self.out.remove(0))
    }

    fn due(&mut self, now: u64) -> Option<u64> {
        let (_, association) = self.association.as_ref()?;
        let left = association.poll_timeout()?.saturating_duration_since(self.at(now));
        Some(now + (left.as_nanos().div_ceil(1_000_000) as u64).max(1))
    }

    fn connected(&self) -> bool {
        self.connected
    }

    fn closed(&self) -> bool {
        self.lost.is_some()
    }

    fn send(&mut self, stream: u16, delivery: Delivery, message: &[u8], _: u64) -> bool {
        let (_, association) = self.association.as_mut().unwrap();
        let (kind, value) = match delivery.reliability {
            Reliability::Reliable => (ReliabilityType::Reliable, 0),
            Reliability::Retransmits(count) => (ReliabilityType::Rexmit, count.into()),
            Reliability::Lifetime(ms) => (ReliabilityType::Timed, ms.into()),
        };
        let binary = PayloadProtocolIdentifier::Binary;
        if association.stream(stream).is_err() && association.open_stream(stream, binary).is_err() {
            return false;
        }
        let mut stream = association.stream(stream).unwrap();
        stream.set_reliability_params(delivery.unordered, kind, value).unwrap();
        stream.write_with_ppi(message, binary).unwrap();
        true
    }

    fn received(&mut self) -> Vec<(u16, Vec<u8>)> {
        std::mem::take(&mut self.messages)
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
