//! The operations of P-256, one a poll.

use zeroize::Zeroize;

use super::client::Client;
use super::error::Error;
use super::exchange::Secrets;
use super::flight::{Item, Kind};
use super::keys::Keys;
use super::prf::{Secret, prf};
use super::state::Phase;
use crate::Crypto;
use crate::crypto::Sha256;

/// The next operation.
#[derive(Clone, Copy)]
pub(super) enum Work {
    /// Makes our ephemeral key, while the server's flight is awaited.
    Generate,
    /// Checks that the server's ephemeral key is signed by its certificate's.
    Verify,
    Agree,
    Sign,
}

impl<C: Crypto> Client<'_, C> {
    /// What is to be computed.
    pub(super) fn work(&self) -> Option<Work> {
        match (&self.secrets, self.phase) {
            (Secrets::Exchange(exchange), _) if exchange.is_signature_due => Some(Work::Verify),
            (Secrets::Exchange(exchange), _) if exchange.private.is_none() => Some(Work::Generate),
            (Secrets::Exchange(_), Phase::Computing) => Some(Work::Agree),
            (Secrets::Keys(_), Phase::Computing) => Some(Work::Sign),
            _ => None,
        }
    }

    /// Does one operation.
    pub(super) fn compute(&mut self, crypto: &mut C) {
        let Some(work) = self.work() else { return };
        let result = match work {
            Work::Generate => self.generate(crypto),
            Work::Verify => self.verify(crypto),
            Work::Agree => self.agree(crypto),
            Work::Sign => self.sign(crypto),
        };
        if let Err(error) = result {
            self.fail(error);
        }
    }

    fn generate(&mut self, crypto: &mut C) -> Result<(), Error> {
        if let Some(exchange) = self.secrets.exchange_mut() {
            let (private, public) = crypto.generate();
            exchange.private = Some(private);
            self.flight.set_public_key(&public);
        }
        Ok(())
    }

    /// RFC 8422, 5.4: "The client verifies the signature (when present) and retrieves the server's elliptic curve
    /// domain parameters and ephemeral ECDH public key".
    fn verify(&mut self, crypto: &mut C) -> Result<(), Error> {
        let Some(exchange) = self.secrets.exchange_mut() else { return Ok(()) };
        exchange.is_signature_due = false;
        if crypto.verify(&exchange.server_key, &exchange.digest, &exchange.signature) {
            Ok(())
        } else {
            Err(Error::BadSignature)
        }
    }

    fn agree(&mut self, crypto: &mut C) -> Result<(), Error> {
        let Some(exchange) = self.secrets.exchange() else { return Ok(()) };
        let Some(private) = &exchange.private else { return Ok(()) };
        // RFC 8422, 5.10: the premaster secret is the x of the point. 5.11: peers "MUST validate" public keys.
        let premaster =
            crypto.agree(private, &exchange.server_point).map(Secret).ok_or(Error::InvalidPoint)?;
        let is_mutual = self.is_mutual;
        self.flight.kind = if is_mutual { Kind::Mutual } else { Kind::Anonymous };
        // The messages are written when the last of them is known.
        self.flight.message = u8::MAX;
        if is_mutual {
            self.hash(Item::Certificate);
        }
        self.hash(Item::ClientKeyExchange);
        // RFC 7627, 3: the session_hash is that of "all handshake messages sent or received, starting at the
        // ClientHello up to and including the ClientKeyExchange message"; 4: the master secret is
        // PRF(pre_master_secret, "extended master secret", session_hash).
        let session_hash = self.digest();
        let label = b"extended master secret";
        prf(crypto, &premaster.0, label, [&session_hash, &[]], &mut self.master.0);
        drop(premaster);
        self.derive_keys(crypto);
        if !is_mutual {
            self.finish(crypto);
        }
        Ok(())
    }

    /// The keys take the place of what they are made of.
    #[inline(never)] // They are made on the stack, which is not to add to that of P-256.
    fn derive_keys(&mut self, crypto: &mut C) {
        let Some(exchange) = self.secrets.exchange() else { return };
        let keys =
            Keys::derive(crypto, &self.master, &exchange.server_random, &exchange.client_random);
        self.secrets = Secrets::Keys(keys);
    }

    /// RFC 5246, 7.4.8: CertificateVerify signs "all handshake messages sent or received, starting at client hello
    /// and up to, but not including, this message".
    fn sign(&mut self, crypto: &mut C) -> Result<(), Error> {
        let digest = self.digest();
        let key = self.identity.as_ref().map(|identity| identity.key);
        let signature =
            key.and_then(|key| crypto.sign(key, &digest)).ok_or(Error::SigningFailed)?;
        self.flight.set_signature(&signature);
        self.hash(Item::CertificateVerify);
        self.finish(crypto);
        Ok(())
    }

    /// RFC 5246, 7.4.9: verify_data = PRF(master_secret, finished_label, Hash(handshake_messages))[0..11]. What the
    /// server's must be is known with ours, so that the master secret goes here.
    fn finish(&mut self, crypto: &mut C) {
        let digest = self.digest();
        let ours = &mut self.flight.verify_data;
        prf(crypto, &self.master.0, b"client finished", [&digest, &[]], ours);
        self.hash(Item::Finished);
        let digest = self.digest();
        prf(crypto, &self.master.0, b"server finished", [&digest, &[]], &mut self.expected);
        self.master.0.zeroize();
        self.transcript = None;
        self.phase = Phase::Finished;
        self.flight.rewind();
        self.timer.new_flight();
    }

    /// Adds one of our messages to the transcript.
    fn hash(&mut self, item: Item) {
        let exchange = self.secrets.exchange();
        let message = self.flight.message(item, exchange, &self.identity);
        if let (Some(message), Some(transcript)) = (message, &mut self.transcript) {
            message.hash(transcript);
        }
    }

    /// The hash of the transcript so far.
    fn digest(&self) -> [u8; 32] {
        self.transcript.clone().map_or([0; 32], |transcript| transcript.finish())
    }
}
