//! Handshake messages of the server.

use core::cmp::Ordering;

use subtle::ConstantTimeEq;

use super::bytes::Reader;
use super::client::{Client, Phase};
use super::error::Error;
use super::flight::{Item, Kind};
use super::message::{Fragment, MessageType, header};
use super::reject::Reject;
use super::{hello, server};
use crate::Crypto;
use crate::crypto::Sha256;

impl<C: Crypto> Client<'_, C> {
    /// Handles the fragments of a handshake record. RFC 6347, 4.2.3: it may hold several.
    pub(super) fn handshake(&mut self, body: &[u8], is_protected: bool, now: u32) {
        let mut reader = Reader(body);
        while let Ok(fragment) = Fragment::read(&mut reader) {
            // Only Finished follows ChangeCipherSpec, and it never comes without protection.
            if is_protected == (fragment.kind == MessageType::FINISHED) {
                self.fragment(&fragment, now);
            }
            if !self.is_connecting() {
                return;
            }
        }
    }

    fn fragment(&mut self, fragment: &Fragment<'_>, now: u32) {
        // RFC 5246, 7.4.1.1: "This message will be ignored by the client if the client is currently negotiating a
        // session."
        if fragment.kind == MessageType::HELLO_REQUEST {
            return;
        }
        // Of HelloVerifyRequests only the first counts as a message.
        let is_verify_again =
            fragment.kind == MessageType::HELLO_VERIFY_REQUEST && self.reassembly.due != 0;
        match fragment.sequence.cmp(&self.reassembly.due) {
            _ if is_verify_again => self.repeated(fragment, now),
            Ordering::Equal => {
                if let Err(too_large) = self.reassembly.insert(fragment) {
                    self.doubt(Error::MessageTooLarge {
                        message: fragment.kind,
                        bytes: fragment.length,
                        capacity: too_large.capacity,
                    });
                }
            }
            Ordering::Greater => self.reassembly.keep(fragment),
            Ordering::Less => self.repeated(fragment, now),
        }
        while self.is_connecting()
            && let Some((kind, _)) = self.reassembly.message()
        {
            match self.message(kind) {
                Ok(()) => self.reassembly.advance(),
                Err(Reject::Malformed) => {
                    self.reassembly.discard();
                    self.doubt(Error::Malformed { message: kind });
                }
                Err(Reject::Unexpected) => {
                    self.reassembly.discard();
                    self.doubt(Error::UnexpectedMessage { got: kind, wanted: self.wanted() });
                }
                Err(Reject::Fatal(error)) => self.fail(error),
            }
        }
    }

    /// A message that was here before.
    fn repeated(&mut self, fragment: &Fragment<'_>, now: u32) {
        match (self.phase, fragment.kind) {
            // A server that keeps no state says its cookie with message_seq 0 each time. The newest is what it
            // wants: also after a cookie that somebody else sent.
            (Phase::ServerHello, MessageType::HELLO_VERIFY_REQUEST) if fragment.is_whole() => {
                if let (Ok(cookie), Some(exchange)) =
                    (hello::cookie(fragment.body), self.secrets.exchange_mut())
                    && exchange.set_cookie(cookie)
                {
                    self.hello_again();
                }
            }
            // RFC 6347, 4.2.4: "The implementation reads a retransmitted flight from the peer: the implementation
            // transitions to the SENDING state, where it retransmits the flight, resets the retransmit timer".
            (Phase::Finished, MessageType::SERVER_HELLO_DONE)
                if self.flight.item().is_none() && self.timer.may_repeat(now) =>
            {
                self.flight.rewind();
            }
            _ => {}
        }
    }

    /// Handles the message that is due.
    fn message(&mut self, kind: MessageType) -> Result<(), Reject> {
        let Some((_, body)) = self.reassembly.message() else { return Err(Reject::Malformed) };
        match (self.phase, kind) {
            (Phase::ServerHello, MessageType::HELLO_VERIFY_REQUEST) => {
                let cookie = hello::cookie(body)?;
                if let Some(exchange) = self.secrets.exchange_mut() {
                    exchange.set_cookie(cookie);
                }
                self.hello_again();
                return Ok(());
            }
            (Phase::ServerHello, MessageType::SERVER_HELLO) => {
                let server_random = hello::server_random(body)?;
                let mut transcript = C::Sha256::new();
                let exchange = self.secrets.exchange();
                if let Some(hello) =
                    self.flight.message(Item::ClientHello, exchange, &self.identity)
                {
                    hello.hash(&mut transcript);
                }
                self.transcript = Some(transcript);
                if let Some(exchange) = self.secrets.exchange_mut() {
                    exchange.server_random = server_random;
                }
                self.phase = Phase::Certificate;
            }
            (Phase::Certificate, MessageType::CERTIFICATE) => {
                let key = server::certificate::<C>(body, &self.fingerprint)?;
                if let Some(exchange) = self.secrets.exchange_mut() {
                    exchange.server_key = key;
                }
                self.phase = Phase::ServerKeyExchange;
            }
            (Phase::ServerKeyExchange, MessageType::SERVER_KEY_EXCHANGE) => {
                if let Some(exchange) = self.secrets.exchange_mut() {
                    let received = server::key_exchange::<C>(
                        body,
                        &exchange.client_random,
                        &exchange.server_random,
                    )?;
                    exchange.server_point = received.point;
                    exchange.proof = Some(received.proof);
                }
                self.phase = Phase::CertificateRequest;
            }
            (Phase::CertificateRequest, MessageType::CERTIFICATE_REQUEST) => {
                server::certificate_request(body)?;
                self.phase = Phase::ServerHelloDone;
            }
            (Phase::CertificateRequest, MessageType::SERVER_HELLO_DONE) => {
                Reader(body).end()?;
                self.phase = Phase::Computing(false);
            }
            (Phase::ServerHelloDone, MessageType::SERVER_HELLO_DONE) => {
                Reader(body).end()?;
                self.phase = Phase::Computing(true);
            }
            (Phase::Finished, MessageType::FINISHED) => {
                // RFC 5246, 7.4.9: verify_data has 12 bytes.
                if !bool::from(body.ct_eq(&self.expected)) {
                    return Err(Reject::Fatal(Error::BadFinished));
                }
                self.flight.begin(Kind::None);
                self.phase = Phase::Connected;
            }
            _ => return Err(Reject::Unexpected),
        }
        if let (Some(transcript), Some((_, body))) =
            (&mut self.transcript, self.reassembly.message())
        {
            let len = body.len();
            transcript.update(&header(kind, len, self.reassembly.due, 0, len));
            transcript.update(body);
        }
        Ok(())
    }

    /// RFC 6347, 4.2.1: "the client MUST use the same parameter values" as in the first ClientHello, and add the cookie.
    fn hello_again(&mut self) {
        self.flight.hello_sequence = 1;
        self.flight.begin(Kind::Hello);
        self.timer.new_flight();
    }

    /// A message was discarded. The same fault again, after we asked again, is the server's: it ends the handshake
    /// before the time is over.
    fn doubt(&mut self, error: Error) {
        match self.doubt {
            Some((before, retransmissions))
                if before == error && retransmissions != self.timer.retransmissions =>
            {
                self.fail(error);
            }
            Some((before, _)) if before == error => {}
            _ => self.doubt = Some((error, self.timer.retransmissions)),
        }
    }

    /// The message that is due.
    pub(super) fn wanted(&self) -> MessageType {
        match self.phase {
            Phase::ServerHello => MessageType::SERVER_HELLO,
            Phase::Certificate => MessageType::CERTIFICATE,
            Phase::ServerKeyExchange => MessageType::SERVER_KEY_EXCHANGE,
            Phase::CertificateRequest | Phase::ServerHelloDone => MessageType::SERVER_HELLO_DONE,
            _ => MessageType::FINISHED,
        }
    }
}
