//! One handshake: who the server is, and where random numbers come from.

use embedded_tls::alert::{AlertDescription, AlertLevel};
use embedded_tls::{
    Aes128GcmSha256, CertificateEntryRef, CertificateRef, CertificateVerifyRef, CryptoProvider,
    SignatureScheme, TlsError, TlsVerifier,
};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use rand_core::{CryptoRng, CryptoRngCore, RngCore};
use sha2::{Digest, Sha256};

use crate::x509::{self, Certificate, Distrust};

/// RFC 8446, 4.4.3: what a server signs is the transcript's hash behind this.
const SIGNED_PREFIX: &[u8; 98] = b"                                                                TLS 1.3, server CertificateVerify\0";

/// Fills a slice with random bytes.
pub type Entropy = fn(&mut [u8]);

/// Why a server is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untrusted {
    /// The certificate that it showed.
    Certificate(Distrust),
    /// It did not prove that the certificate is its own, or showed none.
    Proof,
}

/// Trusts a server for one handshake, once it has shown a certificate and proved that it is its own.
///
/// `embedded-tls` goes on also with a server that does neither of them: it asks here about what
/// was shown, and does not ask whether anything was. So it needs the [`verdict`](Self::verdict).
pub struct Handshake<'a> {
    root: &'a Certificate<'a>,
    name: &'a str,
    unix_s: Option<u64>,
    random: Random,
    /// The key of the certificate, and the hash that has to be signed with it.
    shown: Option<(VerifyingKey, Sha256)>,
    verdict: Result<(), Untrusted>,
}

impl<'a> Handshake<'a> {
    /// With a server called `name`, for which `root` has to vouch, at a time if that is known.
    pub fn new(
        root: &'a Certificate<'a>,
        name: &'a str,
        unix_s: Option<u64>,
        entropy: Entropy,
    ) -> Self {
        let (shown, verdict) = (None, Err(Untrusted::Proof));
        Self { root, name, unix_s, random: Random(entropy), shown, verdict }
    }

    /// Is the server the one that is called so? To be asked when the handshake is done.
    ///
    /// # Errors
    ///
    /// Why it is not, or cannot be known to be.
    pub fn verdict(&self) -> Result<(), Untrusted> {
        self.verdict
    }

    fn refuse(&mut self, why: Untrusted, alert: AlertDescription) -> Result<(), TlsError> {
        self.verdict = Err(why);
        Err(TlsError::AbortHandshake(AlertLevel::Fatal, alert))
    }
}

impl TlsVerifier<Aes128GcmSha256> for Handshake<'_> {
    /// It is known already.
    fn set_hostname_verification(&mut self, _: &str) -> Result<(), TlsError> {
        Ok(())
    }

    fn verify_certificate(
        &mut self,
        transcript: &Sha256,
        certificate: CertificateRef<'_>,
    ) -> Result<(), TlsError> {
        self.verdict = Err(Untrusted::Proof);
        let chain = certificate.entries.iter().map(|entry| match entry {
            CertificateEntryRef::X509(der) | CertificateEntryRef::RawPublicKey(der) => *der,
        });
        match x509::verify(chain, self.root, self.name, self.unix_s) {
            Ok(key) => {
                self.shown = Some((key, transcript.clone()));
                Ok(())
            }
            Err(distrust) => {
                let alert = match distrust {
                    Distrust::Issuer => AlertDescription::UnknownCa,
                    Distrust::Time => AlertDescription::CertificateExpired,
                    Distrust::Usage => AlertDescription::UnsupportedCertificate,
                    Distrust::Name | Distrust::Unreadable => AlertDescription::BadCertificate,
                };
                self.refuse(Untrusted::Certificate(distrust), alert)
            }
        }
    }

    fn verify_signature(&mut self, verify: CertificateVerifyRef<'_>) -> Result<(), TlsError> {
        let Some((key, transcript)) = self.shown.take() else {
            return self.refuse(Untrusted::Proof, AlertDescription::UnexpectedMessage);
        };
        if verify.signature_scheme != SignatureScheme::EcdsaSecp256r1Sha256 {
            return self.refuse(Untrusted::Proof, AlertDescription::IllegalParameter);
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
            Err(_) => self.refuse(Untrusted::Proof, AlertDescription::DecryptError),
        }
    }
}

impl CryptoProvider for Handshake<'_> {
    type CipherSuite = Aes128GcmSha256;
    /// The device has no certificate of its own: its token says who it is.
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
