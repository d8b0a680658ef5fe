//! Who is trusted, and where random numbers come from.

use app::{Entropy, TlsFailure};
use embedded_tls::alert::{AlertDescription, AlertLevel};
use embedded_tls::{
    Aes128GcmSha256, CertificateEntryRef, CertificateRef, CertificateVerifyRef, CryptoProvider,
    SignatureScheme, TlsError, TlsVerifier,
};
use rand_core::{CryptoRng, CryptoRngCore, RngCore};
use sha2::{Digest, Sha256};
use x509::{Certificate, Distrust, Key, Signature, Verify};

/// RFC 8446, 4.4.3: what a server signs is the transcript's hash behind this.
const SIGNED_PREFIX: &[u8; 98] = b"                                                                TLS 1.3, server CertificateVerify\0";

/// Trusts a server for one handshake, once it has shown a certificate and proved that it is its own.
///
/// `embedded-tls` goes on also with a server that does neither of them: it asks here about what
/// was shown, and does not ask whether anything was. So it needs the [`verdict`](Self::verdict).
pub struct Trust<'a> {
    root: &'a Certificate<'a>,
    name: &'a str,
    unix_s: Option<u64>,
    random: Random,
    /// The key of the certificate, and the hash that has to be signed with it.
    shown: Option<(Key, Sha256)>,
    verdict: Result<(), TlsFailure>,
}

impl<'a> Trust<'a> {
    pub fn new(
        root: &'a Certificate<'a>,
        name: &'a str,
        unix_s: Option<u64>,
        entropy: Entropy,
    ) -> Self {
        let (shown, verdict) = (None, Err(TlsFailure::Proof));
        Self { root, name, unix_s, random: Random(entropy), shown, verdict }
    }

    /// Is the server the one that is called so?
    pub fn verdict(&self) -> Result<(), TlsFailure> {
        self.verdict
    }

    fn refuse(&mut self, why: TlsFailure, alert: AlertDescription) -> Result<(), TlsError> {
        self.verdict = Err(why);
        Err(TlsError::AbortHandshake(AlertLevel::Fatal, alert))
    }
}

impl TlsVerifier<Aes128GcmSha256> for Trust<'_> {
    /// It is known already.
    fn set_hostname_verification(&mut self, _: &str) -> Result<(), TlsError> {
        Ok(())
    }

    fn verify_certificate(
        &mut self,
        transcript: &Sha256,
        certificate: CertificateRef<'_>,
    ) -> Result<(), TlsError> {
        self.verdict = Err(TlsFailure::Proof);
        let chain = certificate.entries.iter().map(|entry| match entry {
            CertificateEntryRef::X509(der) | CertificateEntryRef::RawPublicKey(der) => *der,
        });
        match x509::verify(chain, self.root, self.name, self.unix_s) {
            Ok(key) => {
                self.shown = Some((key, transcript.clone()));
                Ok(())
            }
            Err(distrust) => {
                let (why, alert) = match distrust {
                    Distrust::Issuer => (TlsFailure::Issuer, AlertDescription::UnknownCa),
                    Distrust::Name => (TlsFailure::Name, AlertDescription::BadCertificate),
                    Distrust::Time => (TlsFailure::Expired, AlertDescription::CertificateExpired),
                    Distrust::Usage => {
                        (TlsFailure::Certificate, AlertDescription::UnsupportedCertificate)
                    }
                    Distrust::Unreadable => {
                        (TlsFailure::Certificate, AlertDescription::BadCertificate)
                    }
                };
                self.refuse(why, alert)
            }
        }
    }

    fn verify_signature(&mut self, verify: CertificateVerifyRef<'_>) -> Result<(), TlsError> {
        let Some((key, transcript)) = self.shown.take() else {
            return self.refuse(TlsFailure::Proof, AlertDescription::UnexpectedMessage);
        };
        if verify.signature_scheme != SignatureScheme::EcdsaSecp256r1Sha256 {
            return self.refuse(TlsFailure::Proof, AlertDescription::IllegalParameter);
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
            Err(_) => self.refuse(TlsFailure::Proof, AlertDescription::DecryptError),
        }
    }
}

impl CryptoProvider for Trust<'_> {
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
