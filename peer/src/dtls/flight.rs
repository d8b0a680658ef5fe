//! The messages of our current flight, written as often as they are sent.

use super::Identity;
use super::exchange::Exchange;
use super::hello::OFFER;
use super::message::{Message, MessageType};
use super::server::ECDSA_SECP256R1_SHA256;
use crate::Crypto;
use crate::bytes::{copy, u24};
use crate::certificate::signature::Der;

/// What of our messages is kept, and how far they were sent.
pub(super) struct Flight {
    pub kind: Kind,
    /// The current message, and what of it is sent.
    pub message: u8,
    pub offset: usize,
    /// The message_seq of our ClientHello: 0, or 1 with a cookie.
    pub hello_sequence: u16,
    /// RFC 5246, 7.4.2: the lengths of the list and of its only certificate.
    certificate_lengths: [u8; 6],
    /// ClientKeyExchange (RFC 8422, 5.7): the length of the point, the point.
    key_exchange: [u8; 66],
    /// CertificateVerify (RFC 5246, 7.4.8): scheme, length of the signature.
    verify_head: [u8; 4],
    signature: Der,
    /// Finished.
    pub verify_data: [u8; 12],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    None,
    Hello,
    /// The server requested a certificate.
    Mutual,
    /// It did not.
    Anonymous,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    ClientHello,
    Certificate,
    ClientKeyExchange,
    CertificateVerify,
    ChangeCipherSpec,
    Finished,
}

impl Flight {
    pub const fn new() -> Self {
        Self {
            kind: Kind::None,
            message: 0,
            offset: 0,
            hello_sequence: 0,
            certificate_lengths: [0; 6],
            key_exchange: [0; 66],
            verify_head: [0; 4],
            signature: Der::new(),
            verify_data: [0; 12],
        }
    }

    /// Begins a new flight.
    pub fn begin(&mut self, kind: Kind) {
        self.kind = kind;
        self.rewind();
    }

    /// Begins the flight again.
    pub fn rewind(&mut self) {
        self.message = 0;
        self.offset = 0;
    }

    /// What is to be sent next; `None` at the end of the flight.
    pub fn item(&self) -> Option<Item> {
        self.items().get(usize::from(self.message)).copied()
    }

    /// The whole of the current message was sent.
    pub fn next(&mut self) {
        self.message = self.message.wrapping_add(1);
        self.offset = 0;
    }

    pub fn set_public_key(&mut self, key: &[u8; 65]) {
        self.key_exchange = [65; 66];
        copy(self.key_exchange.split_at_mut(1).1, key);
    }

    pub fn set_certificate(&mut self, certificate: &[u8]) {
        let [a, b, c] = u24(certificate.len().wrapping_add(3));
        let [d, e, f] = u24(certificate.len());
        self.certificate_lengths = [a, b, c, d, e, f];
    }

    pub fn set_signature(&mut self, signature: &[u8; 64]) {
        self.signature.set(signature);
        let [a, b] = ECDSA_SECP256R1_SHA256.to_be_bytes();
        let [.., len] = self.signature.as_bytes().len().to_be_bytes();
        self.verify_head = [a, b, 0, len];
    }

    /// One of our messages; `None` for what is none.
    pub fn message<'m, C: Crypto>(
        &'m self,
        item: Item,
        exchange: Option<&'m Exchange<C>>,
        identity: &Option<Identity<'m, C>>,
    ) -> Option<Message<'m>> {
        let (kind, parts): (_, [&[u8]; 4]) = match item {
            Item::ClientHello => {
                let exchange = exchange?;
                let random = exchange.client_random.as_slice();
                (MessageType::CLIENT_HELLO, [&[0xfe, 0xfd], random, exchange.cookie(), OFFER])
            }
            Item::Certificate => {
                let certificate = identity.as_ref()?.certificate;
                let parts = [&self.certificate_lengths, certificate, &[], &[]];
                (MessageType::CERTIFICATE, parts)
            }
            Item::ClientKeyExchange => {
                (MessageType::CLIENT_KEY_EXCHANGE, [&self.key_exchange, &[], &[], &[]])
            }
            Item::CertificateVerify => {
                let parts: [&[u8]; 4] = [&self.verify_head, self.signature.as_bytes(), &[], &[]];
                (MessageType::CERTIFICATE_VERIFY, parts)
            }
            Item::ChangeCipherSpec => return None,
            Item::Finished => (MessageType::FINISHED, [&self.verify_data, &[], &[], &[]]),
        };
        Some(Message { kind, sequence: self.sequence(item), parts })
    }

    /// RFC 6347, 4.2.2: "Whenever each new message is generated, the message_seq value is incremented by one."
    fn sequence(&self, item: Item) -> u16 {
        let after_hello: u16 = match (item, self.kind) {
            (Item::ClientHello, _) => 0,
            (Item::Certificate, _) | (Item::ClientKeyExchange, Kind::Anonymous) => 1,
            (Item::ClientKeyExchange, _) | (_, Kind::Anonymous) => 2,
            (Item::CertificateVerify | Item::ChangeCipherSpec, _) => 3,
            (Item::Finished, _) => 4,
        };
        self.hello_sequence.wrapping_add(after_hello)
    }

    fn items(&self) -> &'static [Item] {
        match self.kind {
            Kind::None => &[],
            Kind::Hello => &[Item::ClientHello],
            Kind::Mutual => &[
                Item::Certificate,
                Item::ClientKeyExchange,
                Item::CertificateVerify,
                Item::ChangeCipherSpec,
                Item::Finished,
            ],
            Kind::Anonymous => &[Item::ClientKeyExchange, Item::ChangeCipherSpec, Item::Finished],
        }
    }
}
