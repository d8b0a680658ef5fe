//! Datagrams of our flights, and alerts.

use super::Alert;
use super::client::Client;
use super::flight::Item;
use super::keys::HEADER_BYTES;
use super::message::MESSAGE_HEADER;
use super::record::{ALERT, CHANGE_CIPHER_SPEC, HANDSHAKE, RECORD_HEADER, write_plain};
use crate::Crypto;
use crate::bytes::copy;

impl<C: Crypto> Client<'_, C> {
    /// Makes a datagram of as many messages of the flight as fit.
    pub(super) fn write_flight(&mut self, crypto: &mut C, out: &mut [u8]) -> Option<usize> {
        let mtu = if self.mtu == 0 { DEFAULT_MTU } else { self.mtu.into() };
        let limit = mtu.min(out.len());
        let mut rest = out.get_mut(..limit)?;
        while let Some(item) = self.flight.item() {
            let Some(len) = self.write_record(crypto, item, rest) else { break };
            rest = rest.get_mut(len..)?;
        }
        let written = limit.wrapping_sub(rest.len());
        (written > 0).then_some(written)
    }

    /// Writes a record with the next fragment of the current message.
    fn write_record(&mut self, crypto: &mut C, item: Item, out: &mut [u8]) -> Option<usize> {
        if item == Item::ChangeCipherSpec {
            *out.get_mut(RECORD_HEADER)? = 1;
            let len = self.write_plain(CHANGE_CIPHER_SPEC, 1, out)?;
            self.flight.next();
            return Some(len);
        }
        let exchange = self.secrets.exchange();
        let message = self.flight.message(item, exchange, &self.identity)?;
        if item == Item::Finished {
            let len = MESSAGE_HEADER.wrapping_add(message.len());
            message.fragment(0, out.get_mut(HEADER_BYTES..)?.get_mut(..len)?)?;
            let len = self.write_protected(crypto, HANDSHAKE, len, out)?;
            self.flight.next();
            return Some(len);
        }
        let body = out.get_mut(RECORD_HEADER..)?;
        let left = message.len().wrapping_sub(self.flight.offset);
        // A few bytes at the end of a datagram are not worth the headers of a fragment.
        if body.len() < MESSAGE_HEADER.wrapping_add(left.min(MIN_FRAGMENT)) {
            return None;
        }
        let len = message.fragment(self.flight.offset, body)?;
        if len == left {
            self.flight.next();
        } else {
            self.flight.offset = self.flight.offset.wrapping_add(len);
        }
        self.write_plain(HANDSHAKE, MESSAGE_HEADER.wrapping_add(len), out)
    }

    /// Writes an alert, under protection if there are keys.
    pub(super) fn write_alert(
        &mut self,
        crypto: &mut C,
        alert: Alert,
        out: &mut [u8],
    ) -> Option<usize> {
        let body = [alert.level, alert.description];
        if self.secrets.keys_mut().is_some() {
            copy(out.get_mut(HEADER_BYTES..)?, &body);
            self.write_protected(crypto, ALERT, body.len(), out)
        } else {
            copy(out.get_mut(RECORD_HEADER..)?, &body);
            self.write_plain(ALERT, body.len(), out)
        }
    }

    fn write_plain(&mut self, kind: u8, len: usize, out: &mut [u8]) -> Option<usize> {
        let len = write_plain(kind, self.plain_next, len, out)?;
        self.plain_next = self.plain_next.wrapping_add(1);
        Some(len)
    }

    fn write_protected(
        &mut self,
        crypto: &mut C,
        kind: u8,
        len: usize,
        out: &mut [u8],
    ) -> Option<usize> {
        self.unused_numbers = self.unused_numbers.checked_sub(1)?;
        self.secrets.keys_mut()?.seal(crypto, kind, len, out)
    }
}

/// IPv6's 1 280 bytes, which every path carries, less headers, also those of a relay.
const DEFAULT_MTU: usize = 1_200;
const MIN_FRAGMENT: usize = 32;
