//! What the client sends after the server's hello (RFC 5246, 7.4.6 to 7.4.9): nothing is taken on trust.

use p256::PublicKey;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::elliptic_curve::ecdh::diffie_hellman;

use super::hello::{take, vector};
use super::keys::Keys;
use super::wire::{CERTIFICATE, CERTIFICATE_VERIFY, CLIENT_KEY_EXCHANGE, FINISHED, Message};
use super::{Server, State};
use crate::servers::certificate::{fingerprint, point};

impl Server {
    /// Before the transcript has the message.
    pub(super) fn client_message(&mut self, message: &Message, sealed: bool) -> Result<(), String> {
        let expected = match (&self.keys, &self.client_certificate, self.verified) {
            (None, None, _) if self.asked => CERTIFICATE,
            (None, ..) => CLIENT_KEY_EXCHANGE,
            (Some(_), Some(_), false) => CERTIFICATE_VERIFY,
            _ => FINISHED,
        };
        if message.kind != expected {
            return Err(format!("message {} where {expected} belongs", message.kind));
        }
        if sealed != (expected == FINISHED) {
            return Err(format!("message {} in a record of the wrong epoch", message.kind));
        }
        match expected {
            CERTIFICATE => self.client_chain(&message.body),
            CERTIFICATE_VERIFY => self.certificate_verify(&message.body),
            FINISHED => self.client_finished(&message.body),
            _ => Ok(()),
        }
    }

    /// Once the transcript has it.
    pub(super) fn after_client_message(&mut self, message: &Message) {
        let result = match message.kind {
            CLIENT_KEY_EXCHANGE => self.derive(&message.body),
            FINISHED => {
                self.state = State::Connected;
                self.finish();
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(why) = result {
            self.refuse(why);
        }
    }

    fn client_chain(&mut self, mut body: &[u8]) -> Result<(), String> {
        let mut list = vector(&mut body, 3)?;
        let first = vector(&mut list, 3)?;
        if !list.is_empty() || !body.is_empty() {
            return Err("Certificate: more than one, or bytes after it".into());
        }
        if self.client_fingerprint.is_some_and(|expected| expected != fingerprint(first)) {
            return Err("Certificate: another fingerprint".into());
        }
        self.client_certificate = Some(first.to_vec());
        Ok(())
    }

    /// The keys from ClientKeyExchange.
    fn derive(&mut self, mut body: &[u8]) -> Result<(), String> {
        let public = vector(&mut body, 1)?;
        if public.len() != 65 || !body.is_empty() {
            return Err("ClientKeyExchange: not one uncompressed point".into());
        }
        let public =
            PublicKey::from_sec1_bytes(public).map_err(|_| "ClientKeyExchange: no point")?;
        let secret = diffie_hellman(self.exchange.to_nonzero_scalar(), public.as_affine());
        let client_random = &self.hellos.last().unwrap().random;
        let secret = secret.raw_secret_bytes();
        self.keys = Some(Keys::new(secret, &self.hash(), client_random, &self.random));
        Ok(())
    }

    fn certificate_verify(&mut self, mut body: &[u8]) -> Result<(), String> {
        if take(&mut body, 2)? != [4, 3] {
            return Err("CertificateVerify: not ecdsa_secp256r1_sha256".into());
        }
        let signature = vector(&mut body, 2)?;
        let key = self.client_certificate.as_deref().and_then(point);
        let key = key.and_then(|key| VerifyingKey::from_sec1_bytes(key).ok());
        let key = key.ok_or("Certificate: no P-256 key")?;
        let signature =
            DerSignature::try_from(signature).map_err(|_| "CertificateVerify: not DER")?;
        key.verify(&self.transcript, &signature).map_err(|_| "CertificateVerify: wrong")?;
        self.verified = true;
        Ok(())
    }

    fn client_finished(&self, body: &[u8]) -> Result<(), String> {
        let expected = self.keys.as_ref().unwrap().verify_data("client finished", &self.hash());
        if body == expected { Ok(()) } else { Err("Finished: wrong verify_data".into()) }
    }
}
