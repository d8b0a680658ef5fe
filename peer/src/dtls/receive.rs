//! Handshake messages of the server.

use core::cmp::Ordering;
use core::mem::discriminant;

use subtle::ConstantTimeEq;

use super::client::Client;
use super::error::Error;
use super::exchange::Secrets;
use super::flight::{Item, Kind};
use super::message::{Fragment, MessageType, header};
use super::record::Header;
use super::reject::Reject;
use super::state::Phase;
use super::{hello, server};
use crate::Crypto;
use crate::bytes::Reader;
use crate::crypto::Sha256;

impl<C: Crypto> Client<'_, C> {
    /// Handles the fragments of a handshake record. RFC 6347, 4.2.3: it may hold several.
    pub(super) fn handshake(&mut self, header: &Header, body: &[u8], now: u32) {
        let is_protected = header.epoch() != 0;
        let mut reader = Reader(body);
        while let Ok(fragment) = Fragment::read(&mut reader) {
            // Only Finished follows ChangeCipherSpec, and it never comes without protection.
            if is_protected == (fragment.kind == MessageType::FINISHED) {
                self.fragment(&fragment, header.sequence(), now);
            }
            if !self.is_connecting() {
                return;
            }
        }
    }

    fn fragment(&mut self, fragment: &Fragment<'_>, number: u64, now: u32) {
        // RFC 5246, 7.4.1.1: "This message will be ignored by the client if the client is currently negotiating a
        // session."
        if fragment.kind == MessageType::HELLO_REQUEST {
            return;
        }
        // Of HelloVerifyRequests only the first counts as a message, and only one of message_seq 0.
        let is_verify = fragment.kind == MessageType::HELLO_VERIFY_REQUEST;
        match fragment.sequence.cmp(&self.reassembly.due) {
            _ if is_verify && self.reassembly.due != 0 => self.repeated(fragment, number, now),
            Ordering::Greater if is_verify => {}
            Ordering::Equal => {
                if let Err(too_large) = self.reassembly.insert(fragment) {
                    self.doubt(Error::MessageTooLarge {
                        message: fragment.kind,
                        bytes: fragment.length as u32,
                        capacity: too_large.capacity,
                    });
                }
            }
            Ordering::Greater => self.reassembly.keep(fragment),
            Ordering::Less => self.repeated(fragment, number, now),
        }
        while self.is_connecting()
            && let Some((kind, _)) = self.reassembly.message()
        {
            match self.message(kind) {
                Ok(()) => {
                    self.reassembly.advance();
                    self.doubt = None;
                }
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

    /// A message that was here before, in a record of this number.
    fn repeated(&mut self, fragment: &Fragment<'_>, number: u64, now: u32) {
        match (self.phase, fragment.kind) {
            // RFC 6347, 4.2.1: "Clients SHOULD handle this by sending a new ClientHello with a cookie in response to
            // the new HelloVerifyRequest." So a cookie that somebody else sent does not end a handshake.
            //
            // Once a retransmission: the server may have accepted the cookie before, and a server that always has
            // another one must not have as many answers as the path carries.
            //
            // RFC 6347, 4.2.1: "the server MUST use the record sequence number in the ClientHello as the record
            // sequence number in the HelloVerifyRequest": a lower one answers a hello before the current cookie's.
            (Phase::ServerHello, MessageType::HELLO_VERIFY_REQUEST)
                if fragment.is_whole()
                    && self.timer.takes_cookie
                    && number >= self.cookie_sent.into() =>
            {
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
        let Some((_, body)) = self.reassembly.message() else { return Ok(()) };
        let Secrets::Exchange(exchange) = &mut self.secrets else {
            return self.finished(kind);
        };
        self.phase = match (self.phase, kind) {
            (Phase::ServerHello, MessageType::HELLO_VERIFY_REQUEST) => {
                exchange.set_cookie(hello::cookie(body)?);
                self.hello_again();
                return Ok(());
            }
            (Phase::ServerHello, MessageType::SERVER_HELLO) => {
                hello::server_hello(body, &mut exchange.server_random)?;
                let transcript = self.transcript.insert(C::Sha256::new());
                let hello = self.flight.message(Item::ClientHello, Some(exchange), &self.identity);
                if let Some(hello) = hello {
                    hello.hash(transcript);
                }
                Phase::Certificate
            }
            (Phase::Certificate, MessageType::CERTIFICATE) => {
                server::certificate::<C>(body, &self.fingerprint, &mut exchange.server_key)?;
                Phase::ServerKeyExchange
            }
            (Phase::ServerKeyExchange, MessageType::SERVER_KEY_EXCHANGE) => {
                server::key_exchange(body, exchange)?;
                Phase::CertificateRequest
            }
            (Phase::CertificateRequest, MessageType::CERTIFICATE_REQUEST) => {
                server::certificate_request(body)?;
                self.is_mutual = true;
                Phase::ServerHelloDone
            }
            (
                Phase::CertificateRequest | Phase::ServerHelloDone,
                MessageType::SERVER_HELLO_DONE,
            ) => {
                Reader(body).end()?;
                Phase::Computing
            }
            _ => return Err(Reject::Unexpected),
        };
        if let Some(transcript) = &mut self.transcript {
            let len = body.len();
            transcript.update(&header(kind, len, self.reassembly.due, 0, len));
            transcript.update(body);
        }
        Ok(())
    }

    /// Checks the server's Finished.
    fn finished(&mut self, kind: MessageType) -> Result<(), Reject> {
        if self.phase != Phase::Finished || kind != MessageType::FINISHED {
            return Err(Reject::Unexpected);
        }
        // RFC 5246, 7.4.9: "Recipients of Finished messages MUST verify that the contents are correct."
        let body = self.reassembly.message().map_or(&[][..], |(_, body)| body);
        if !bool::from(body.ct_eq(&self.expected)) {
            return Err(Reject::Fatal(Error::BadFinished));
        }
        self.flight.begin(Kind::None);
        self.phase = Phase::Connected;
        Ok(())
    }

    /// RFC 6347, 4.2.1: "the client MUST use the same parameter values" as in the first ClientHello, and adds the
    /// cookie.
    fn hello_again(&mut self) {
        self.flight.hello_sequence = 1;
        self.cookie_sent = self.plain_next;
        self.flight.begin(Kind::Hello);
        self.timer.new_flight();
    }

    /// A message was discarded. The same fault again, after we asked again and before another message is accepted, is
    /// the server's: it ends the handshake before the time is over.
    fn doubt(&mut self, error: Error) {
        match self.doubt {
            Some((before, retransmissions)) if discriminant(&before) == discriminant(&error) => {
                if retransmissions != self.timer.retransmissions {
                    self.fail(error);
                }
            }
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
