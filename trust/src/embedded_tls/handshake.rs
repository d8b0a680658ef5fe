//! One handshake: authenticates the server and provides random numbers.

use core::net::IpAddr;

use embedded_tls::alert::{AlertDescription, AlertLevel};
use embedded_tls::{
    Aes128GcmSha256, CertificateEntryRef, CertificateRef, CertificateVerifyRef, CryptoProvider,
    SignatureScheme, TlsConfig, TlsError, TlsVerifier,
};
use rand_core::{CryptoRng, CryptoRngCore, RngCore};
use sha2::{Digest, Sha256};

use crate::{Error, Scheme, ServerKey, Verifier};

/// RFC 8446, 4.4.3: a server signs this prefix followed by the transcript's hash.
const SIGNED_PREFIX: &[u8; 98] = b"                                                                TLS 1.3, server CertificateVerify\0";

/// Fills a slice with random bytes.
pub type Entropy = fn(&mut [u8]);

/// Why a server was not authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ServerError {
    /// Its certificate was rejected.
    Certificate(Error),
    /// It sent no certificate, or no valid signature made with the certificate's key.
    Proof,
}

/// What a client offers that verifies servers by [`Handshake`]: the server's name, unless it is an address, and RSA.
///
/// `embedded-tls` itself offers ECDSA on P-256 and P-384 always, and before RSA: a server that has certificates of both
/// kinds sends that of ECDSA.
pub fn config(name: &str) -> TlsConfig<'_> {
    let config = TlsConfig::new();
    #[cfg(feature = "rsa")]
    let config = config.enable_rsa_signatures();
    // RFC 6066, 3: "Literal IPv4 and IPv6 addresses are not permitted in 'HostName'."
    if name.parse::<IpAddr>().is_ok() { config } else { config.with_server_name(name) }
}

/// Authenticates a server in one handshake, by its certificate and its signature.
///
/// A handshake of `embedded-tls` also succeeds with a server that sends neither: it verifies what
/// was sent and does not require anything. [`open`](super::open) checks the
/// [`verdict`](Self::verdict).
pub struct Handshake<'a> {
    verifier: Verifier<'a>,
    name: &'a str,
    unix_s: Option<u64>,
    random: Random,
    /// The certificate's key, and the hash that the server has to sign with it.
    sent_key: Option<(ServerKey, Sha256)>,
    verdict: Result<(), ServerError>,
}

impl<'a> Handshake<'a> {
    /// Expects a certificate for `name` that `verifier` accepts at `unix_s`, the time of the device's clock: without one
    /// no server is authenticated.
    pub fn new(
        verifier: Verifier<'a>,
        name: &'a str,
        unix_s: Option<u64>,
        entropy: Entropy,
    ) -> Self {
        let (sent_key, verdict) = (None, Err(ServerError::Proof));
        Self { verifier, name, unix_s, random: Random(entropy), sent_key, verdict }
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
        (self.sent_key, self.verdict) = (None, Err(ServerError::Proof));
        let chain = certificate.entries.iter().map(|entry| match entry {
            CertificateEntryRef::X509(der) | CertificateEntryRef::RawPublicKey(der) => *der,
        });
        match self.verifier.verify(chain, self.name, self.unix_s) {
            Ok(key) => {
                self.sent_key = Some((key, transcript.clone()));
                Ok(())
            }
            Err(error) => self.reject(ServerError::Certificate(error), alert(error)),
        }
    }

    fn verify_signature(&mut self, verify: CertificateVerifyRef<'_>) -> Result<(), TlsError> {
        let Some((key, transcript)) = self.sent_key.take() else {
            return self.reject(ServerError::Proof, AlertDescription::UnexpectedMessage);
        };
        let Some(scheme) = scheme(verify.signature_scheme) else {
            return self.reject(ServerError::Proof, AlertDescription::IllegalParameter);
        };
        let mut signed = [0; SIGNED_PREFIX.len() + 32];
        let hash = transcript.finalize();
        signed.iter_mut().zip(SIGNED_PREFIX.iter().chain(&hash)).for_each(|(to, from)| *to = *from);
        if key.verify(scheme, &signed, verify.signature) {
            self.verdict = Ok(());
            Ok(())
        } else {
            self.reject(ServerError::Proof, AlertDescription::DecryptError)
        }
    }
}

/// The alert that tells the server why (RFC 8446, 6.2).
fn alert(error: Error) -> AlertDescription {
    match error {
        Error::Issuer => AlertDescription::UnknownCa,
        Error::Expired | Error::NotYetValid => AlertDescription::CertificateExpired,
        Error::Algorithm | Error::CriticalExtension | Error::KeyUsage | Error::Purpose => {
            AlertDescription::UnsupportedCertificate
        }
        // The fault is the device's.
        Error::NoTime => AlertDescription::InternalError,
        _ => AlertDescription::BadCertificate,
    }
}

fn scheme(scheme: SignatureScheme) -> Option<Scheme> {
    match scheme {
        SignatureScheme::EcdsaSecp256r1Sha256 => Some(Scheme::EcdsaSecp256r1Sha256),
        #[cfg(feature = "p384")]
        SignatureScheme::EcdsaSecp384r1Sha384 => Some(Scheme::EcdsaSecp384r1Sha384),
        #[cfg(feature = "rsa")]
        SignatureScheme::RsaPssRsaeSha256 => Some(Scheme::RsaPssRsaeSha256),
        #[cfg(feature = "rsa")]
        SignatureScheme::RsaPssRsaeSha384 => Some(Scheme::RsaPssRsaeSha384),
        #[cfg(feature = "rsa")]
        SignatureScheme::RsaPssRsaeSha512 => Some(Scheme::RsaPssRsaeSha512),
        _ => None,
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
