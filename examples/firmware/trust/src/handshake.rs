//! One handshake: authenticates the server and provides random numbers.

use embedded_tls::alert::{AlertDescription, AlertLevel};
use embedded_tls::{
    Aes128GcmSha256, CertificateEntryRef, CertificateRef, CertificateVerifyRef, CryptoProvider,
    SignatureScheme, TlsError, TlsVerifier,
};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use rand_core::{CryptoRng, CryptoRngCore, RngCore};
use sha2::{Digest, Sha256};

use crate::x509::{self, CertError, Certificate};

/// RFC 8446, 4.4.3: a server signs this prefix followed by the transcript's hash.
const SIGNED_PREFIX: &[u8; 98] = b"                                                                TLS 1.3, server CertificateVerify\0";

/// Fills a slice with random bytes.
pub type Entropy = fn(&mut [u8]);

/// Why a server was not authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerError {
    /// Its certificate was rejected.
    Certificate(CertError),
    /// It sent no certificate, or no valid signature made with the certificate's key.
    Proof,
}

/// Authenticates a server in one handshake, by its certificate and its signature.
///
/// A handshake of `embedded-tls` also succeeds with a server that sends neither: it verifies what
/// was sent and does not require anything. Check [`verdict`](Self::verdict) after each handshake.
pub struct Handshake<'a> {
    root: &'a Certificate<'a>,
    name: &'a str,
    unix_s: Option<u64>,
    random: Random,
    /// The certificate's key, and the hash that the server has to sign with it.
    sent_key: Option<(VerifyingKey, Sha256)>,
    verdict: Result<(), ServerError>,
}

impl<'a> Handshake<'a> {
    /// Expects a certificate for `name`, issued under `root`, valid at `unix_s` if that is given.
    pub fn new(
        root: &'a Certificate<'a>,
        name: &'a str,
        unix_s: Option<u64>,
        entropy: Entropy,
    ) -> Self {
        let (sent_key, verdict) = (None, Err(ServerError::Proof));
        Self { root, name, unix_s, random: Random(entropy), sent_key, verdict }
    }

    /// Returns `Ok` if the server was authenticated. Call it after the handshake.
    ///
    /// # Errors
    ///
    /// Why the server was not authenticated.
    pub fn verdict(&self) -> Result<(), ServerError> {
        self.verdict
    }

    fn reject(&mut self, why: ServerError, alert: AlertDescription) -> Result<(), TlsError> {
        self.verdict = Err(why);
        Err(TlsError::AbortHandshake(AlertLevel::Fatal, alert))
    }
}

impl TlsVerifier<Aes128GcmSha256> for Handshake<'_> {
    /// Ignored: `new` was told the name.
    fn set_hostname_verification(&mut self, _: &str) -> Result<(), TlsError> {
        Ok(())
    }

    fn verify_certificate(
        &mut self,
        transcript: &Sha256,
        certificate: CertificateRef<'_>,
    ) -> Result<(), TlsError> {
        self.verdict = Err(ServerError::Proof);
        let chain = certificate.entries.iter().map(|entry| match entry {
            CertificateEntryRef::X509(der) | CertificateEntryRef::RawPublicKey(der) => *der,
        });
        match x509::verify(chain, self.root, self.name, self.unix_s) {
            Ok(key) => {
                self.sent_key = Some((key, transcript.clone()));
                Ok(())
            }
            Err(error) => {
                let alert = match error {
                    CertError::Issuer => AlertDescription::UnknownCa,
                    CertError::Time => AlertDescription::CertificateExpired,
                    CertError::Usage => AlertDescription::UnsupportedCertificate,
                    CertError::Name | CertError::Unreadable => AlertDescription::BadCertificate,
                };
                self.reject(ServerError::Certificate(error), alert)
            }
        }
    }

    fn verify_signature(&mut self, verify: CertificateVerifyRef<'_>) -> Result<(), TlsError> {
        let Some((key, transcript)) = self.sent_key.take() else {
            return self.reject(ServerError::Proof, AlertDescription::UnexpectedMessage);
        };
        if verify.signature_scheme != SignatureScheme::EcdsaSecp256r1Sha256 {
            return self.reject(ServerError::Proof, AlertDescription::IllegalParameter);
        }
        let mut signed = [0; SIGNED_PREFIX.len() + 32];
        let (prefix, hash) = signed.split_at_mut(SIGNED_PREFIX.len());
        prefix.copy_from_slice(SIGNED_PREFIX);
        hash.copy_from_slice(&transcript.finalize());
        let signature = Signature::from_der(verify.signature);
        match signature.and_then(|signature| key.verify(&signed, &signature)) {
            Ok(()) => {
                self.verdict = Ok(());
                Ok(())
            }
            Err(_) => self.reject(ServerError::Proof, AlertDescription::DecryptError),
        }
    }
}

impl CryptoProvider for Handshake<'_> {
    type CipherSuite = Aes128GcmSha256;
    /// The device has no certificate: its token authenticates it.
    type Signature = [u8; 0];

    fn rng(&mut self) -> impl CryptoRngCore {
        &mut self.random
    }

    fn verifier(&mut self) -> Result<&mut impl TlsVerifier<Aes128GcmSha256>, TlsError> {
        Ok(self)
    }
}

/// The board's random numbers.
struct Random(Entropy);

impl RngCore for Random {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        (self.0)(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        (self.0)(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        (self.0)(out);
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng for Random {}
