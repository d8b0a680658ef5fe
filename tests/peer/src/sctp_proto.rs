//! An end of SCTP that is sctp-proto's, on a simulated clock.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use livekit_micro_peer::sctp::{Delivery, Reliability};
use sctp_proto::{
    Association, AssociationHandle, ClientConfig, DatagramEvent, Endpoint, EndpointConfig, Event,
    Payload, PayloadProtocolIdentifier, ReliabilityType, ServerConfig, StreamEvent,
    TransportConfig,
};

pub struct Theirs {
    endpoint: Endpoint,
    pub association: Option<(AssociationHandle, Association)>,
    began: Instant,
    pub connected: bool,
    pub lost: Option<String>,
    /// Streams, what their messages are, and the messages.
    pub messages: VecDeque<(u16, PayloadProtocolIdentifier, Vec<u8>)>,
    pub finished: Vec<u16>,
    out: VecDeque<Vec<u8>>,
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
            messages: VecDeque::new(),
            finished: vec![],
            out: VecDeque::new(),
        }
    }

    pub fn server() -> Self {
        Self::new(true)
    }

    pub fn client() -> Self {
        Self::client_with(TransportConfig::default())
    }

    pub fn client_with(config: TransportConfig) -> Self {
        let mut theirs = Self::new(false);
        let mut client = ClientConfig::default();
        client.transport = Arc::new(config);
        let association = theirs.endpoint.connect(client, remote()).unwrap();
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
                let (kind, mut message) = (chunks.ppi, vec![0; chunks.len()]);
                chunks.read(&mut message).unwrap();
                self.messages.push_back((id, kind, message));
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

    /// Takes a packet.
    pub fn input(&mut self, packet: &[u8], now: u64) {
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

    /// The next packet.
    pub fn output(&mut self, now: u64) -> Option<Vec<u8>> {
        let at = self.at(now);
        if let Some((_, association)) = &mut self.association
            && association.poll_timeout().is_some_and(|due| due <= at)
        {
            association.handle_timeout(at);
        }
        self.events(now);
        self.out.pop_front()
    }

    /// When it has something to do, if nothing arrives.
    pub fn due(&mut self, now: u64) -> Option<u64> {
        let (_, association) = self.association.as_ref()?;
        let left = association.poll_timeout()?.saturating_duration_since(self.at(now));
        Some(now + (left.as_nanos().div_ceil(1_000_000) as u64).max(1))
    }

    /// Sends a message; `false` if the stream is closed.
    pub fn send_as(
        &mut self,
        kind: PayloadProtocolIdentifier,
        stream: u16,
        delivery: Delivery,
        message: &[u8],
    ) -> bool {
        let (_, association) = self.association.as_mut().unwrap();
        let (reliability, value) = match delivery.reliability {
            Reliability::Reliable => (ReliabilityType::Reliable, 0),
            Reliability::Retransmits(count) => (ReliabilityType::Rexmit, count.into()),
            Reliability::Lifetime(ms) => (ReliabilityType::Timed, ms.into()),
        };
        if association.stream(stream).is_err() && association.open_stream(stream, kind).is_err() {
            return false;
        }
        let mut stream = association.stream(stream).unwrap();
        stream.set_reliability_params(delivery.unordered, reliability, value).unwrap();
        stream.write_with_ppi(message, kind).unwrap();
        true
    }
}

fn remote() -> SocketAddr {
    "10.0.0.1:5000".parse().unwrap()
}
