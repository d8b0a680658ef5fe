//! What the server sends in a handshake (RFC 5246, 7.4; RFC 6347, 4.2).

use p256::ecdsa::DerSignature;
use p256::ecdsa::signature::Signer;
use p256::elliptic_curve::sec1::ToEncodedPoint;

use super::hello::{
    ClientHello, EXTENDED_MASTER_SECRET, POINT_FORMATS, RENEGOTIATION_INFO, SUITE, USE_SRTP, list,
};
use super::wire::{
    CERTIFICATE, CERTIFICATE_REQUEST, CHANGE_CIPHER_SPEC, DTLS_1_0, DTLS_1_2, FINISHED, Fragment,
    HANDSHAKE, HELLO_VERIFY_REQUEST, Message, Record, SERVER_HELLO, SERVER_HELLO_DONE,
    SERVER_KEY_EXCHANGE,
};
use super::{Flight, Server, State};

impl Server {
    pub(super) fn client_hello(&mut self, record: &Record, fragment: &Fragment, now_ms: u64) {
        let message =
            Message { kind: fragment.kind, seq: fragment.seq, body: fragment.body.clone() };
        if fragment.length != fragment.fragment_length {
            // RFC 6347, 4.2.1, lets a server without state refuse a hello in fragments.
            return self.refuse("ClientHello is fragmented".into());
        }
        let hello = match ClientHello::read(&message.body) {
            Ok(hello) => hello,
            Err(why) => return self.refuse(format!("ClientHello: {why}")),
        };
        // RFC 6347, 4.2.1: the server's first records take the number of the hello's.
        self.sequences[0] = self.sequences[0].max(record.sequence.unwrap());
        self.hellos.push(hello.clone());
        if let Some(cookie) = (self.deviations.cookie)(&hello) {
            return self.verify(message.seq, &cookie);
        }
        if let Err(why) = hello.check() {
            return self.refuse(format!("ClientHello: {why}"));
        }
        self.transcript = message.whole();
        self.next_receive = message.seq + 1;
        self.state = State::Hello;
        let mut messages = vec![(SERVER_HELLO, self.server_hello(&hello))];
        messages.push((CERTIFICATE, self.certificate()));
        messages.push((SERVER_KEY_EXCHANGE, self.key_exchange(&hello)));
        messages.push((CERTIFICATE_REQUEST, vec![1, 64, 0, 2, 4, 3, 0, 0]));
        messages.push((SERVER_HELLO_DONE, Vec::new()));
        let numbered = messages.into_iter().zip(message.seq..);
        let mut messages =
            numbered.map(|((kind, body), seq)| Message { kind, seq, body }).collect();
        (self.deviations.messages)(Flight::Hello, &mut messages);
        for message in &messages {
            self.asked |= message.kind == CERTIFICATE_REQUEST;
            self.transcript.extend(message.whole());
        }
        self.fly(Flight::Hello, messages);
        self.resend_at = Some(now_ms + FIRST_TIMEOUT_MS);
    }

    /// ChangeCipherSpec and Finished.
    pub(super) fn finish(&mut self) {
        let body = self.keys.as_ref().unwrap().verify_data("server finished", &self.hash());
        let seq =
            self.last.as_ref().and_then(|(_, messages)| messages.last()).map_or(0, |last| last.seq);
        let mut messages = vec![Message { kind: FINISHED, seq: seq.wrapping_add(1), body }];
        (self.deviations.messages)(Flight::Finish, &mut messages);
        self.resend_at = None;
        self.fly(Flight::Finish, messages);
    }

    /// Sends the last flight again.
    pub(super) fn resend(&mut self, now_ms: u64) {
        let Some((flight, messages)) = self.last.clone() else { return };
        self.attempt += 1;
        if self.resend_at.is_some() {
            // RFC 6347, 4.2.4.1: doubled at each retransmission, up to 60 s.
            let timeout = (FIRST_TIMEOUT_MS << self.attempt.min(6)).min(60_000);
            self.resend_at = Some(now_ms + timeout);
        }
        self.send_flight(flight, &messages);
    }

    fn verify(&mut self, seq: u16, cookie: &[u8]) {
        let mut body = DTLS_1_0.to_vec();
        body.push(cookie.len() as u8);
        body.extend(cookie);
        let mut messages = vec![Message { kind: HELLO_VERIFY_REQUEST, seq, body }];
        (self.deviations.messages)(Flight::Verify, &mut messages);
        self.send_flight(Flight::Verify, &messages);
    }

    fn server_hello(&self, hello: &ClientHello) -> Vec<u8> {
        let mut extensions = Vec::new();
        if hello.wants_renegotiation_info() {
            extensions.push((RENEGOTIATION_INFO, vec![0]));
        }
        extensions.push((EXTENDED_MASTER_SECRET, Vec::new()));
        extensions
            .push((USE_SRTP, [&[0, 2], &hello.extension(USE_SRTP).unwrap()[2..4], &[0]].concat()));
        if hello.extension(POINT_FORMATS).is_some() {
            extensions.push((POINT_FORMATS, vec![1, 0]));
        }
        let mut body = DTLS_1_2.to_vec();
        body.extend(&self.random);
        body.push(0);
        body.extend(SUITE.to_be_bytes());
        body.push(0);
        body.extend(list(&extensions));
        body
    }

    fn certificate(&self) -> Vec<u8> {
        let sized = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[1..], bytes].concat();
        sized(&self.chain.iter().flat_map(|certificate| sized(certificate)).collect::<Vec<_>>())
    }

    fn key_exchange(&mut self, hello: &ClientHello) -> Vec<u8> {
        let point = self.exchange.public_key().to_encoded_point(false);
        let mut params = vec![3, 0, 23, 65];
        params.extend(point.as_bytes());
        (self.deviations.params)(&mut params);
        let mut signed = [&hello.random[..], &self.random, &params].concat();
        (self.deviations.signed)(&mut signed);
        let signature: DerSignature = self.key.sign(&signed);
        let signature = signature.as_bytes();
        params.extend([4, 3, 0, signature.len() as u8]);
        params.extend(signature);
        params
    }

    fn fly(&mut self, flight: Flight, messages: Vec<Message>) {
        self.attempt = 0;
        self.last = Some((flight, messages.clone()));
        self.send_flight(flight, &messages);
    }

    fn send_flight(&mut self, flight: Flight, messages: &[Message]) {
        let mut records = Vec::new();
        if flight == Flight::Finish {
            records.push(Record::plain(CHANGE_CIPHER_SPEC, vec![1]));
        }
        for fragment in messages.iter().flat_map(|message| message.fragments(self.fragment)) {
            records.push(match flight {
                Flight::Finish => Record::sealed(HANDSHAKE, fragment.bytes()),
                _ => Record::plain(HANDSHAKE, fragment.bytes()),
            });
        }
        self.transmit(flight, self.attempt, records);
    }
}

const FIRST_TIMEOUT_MS: u64 = 1000;
