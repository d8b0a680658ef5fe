//! Records of the server.

use super::Alert;
use super::alert::{CLOSE_NOTIFY, NO_RENEGOTIATION};
use super::client::Client;
use super::error::Error;
use super::keys::HEADER_BYTES;
use super::message::{Fragment, MessageType};
use super::record::{
    ALERT, APPLICATION_DATA, HANDSHAKE, Header, RECORD_HEADER, VERSION, VERSION_1_0,
};
use super::state::Phase;
use crate::Crypto;
use crate::bytes::Reader;

impl<C: Crypto> Client<'_, C> {
    /// Handles one record; how many bytes of application data lie after its explicit nonce, if any.
    pub(super) fn record(
        &mut self,
        crypto: &mut C,
        header: &Header,
        body: &mut [u8],
        now: u32,
    ) -> Option<usize> {
        match header.epoch() {
            0 if self.is_connecting() && matches!(header.version, VERSION | VERSION_1_0) => {
                match header.kind {
                    HANDSHAKE => self.handshake(header, body, now),
                    // Anybody can send it. It tells why, if the time runs out.
                    ALERT => self.received_alert = read_alert(body).or(self.received_alert),
                    // ChangeCipherSpec says what the epoch of each record says, under protection.
                    _ => {}
                }
                None
            }
            1 if self.is_connecting() || self.phase == Phase::Connected => {
                let len = self.secrets.keys_mut()?.open(crypto, header, body)?;
                let text = body.get(HEADER_BYTES.wrapping_sub(RECORD_HEADER)..)?.get(..len)?;
                match header.kind {
                    APPLICATION_DATA if self.phase == Phase::Connected => return Some(len),
                    HANDSHAKE if self.phase == Phase::Connected => self.renegotiation(text),
                    HANDSHAKE => self.handshake(header, text, now),
                    ALERT => self.protected_alert(read_alert(text)?),
                    _ => {}
                }
                None
            }
            _ => None,
        }
    }

    /// RFC 5246, 7.2.1 and 7.2.2. Warnings other than close_notify change nothing.
    fn protected_alert(&mut self, alert: Alert) {
        if alert.description == CLOSE_NOTIFY {
            self.fail(Error::ClosedByPeer);
        } else if alert.is_fatal() {
            self.fail(Error::Alert(alert));
        }
    }

    /// RFC 5246, 7.4.1.1: a client that does not renegotiate answers a HelloRequest with no_renegotiation.
    fn renegotiation(&mut self, text: &[u8]) {
        let first = Fragment::read(&mut Reader(text));
        if first.is_ok_and(|first| first.kind == MessageType::HELLO_REQUEST) {
            self.alert = Some(Alert { level: 1, description: NO_RENEGOTIATION });
        }
    }
}

fn read_alert(body: &[u8]) -> Option<Alert> {
    match *body {
        [level, description] => Some(Alert { level, description }),
        _ => None,
    }
}
