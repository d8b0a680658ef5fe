//! A server's chain of certificates.

use core::time::Duration;

use pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, KeyUsage, VerifiedPath};

use crate::certificate::{Certificate, Use};
use crate::{ALGORITHMS, Error, ServerKey};

/// The most certificates of a chain: the server's and those of five authorities. Let's Encrypt sends three in all.
pub const MAX_CERTIFICATES: usize = 6;

/// Verifies the certificates of servers.
#[derive(Clone, Copy)]
pub struct Verifier<'a> {
    roots: &'a [TrustAnchor<'a>],
    floor_unix_s: u64,
}

impl<'a> Verifier<'a> {
    /// Trusts servers whose certificates were issued under one of `roots`, made by [`root`](crate::root).
    ///
    /// `floor_unix_s` is a time that has certainly passed, in seconds since 1970: [`build_time!`](crate::build_time), or
    /// the last one that the device has kept in its flash. A clock that shows an earlier one is wrong.
    pub const fn new(roots: &'a [TrustAnchor<'a>], floor_unix_s: u64) -> Self {
        Self { roots, floor_unix_s }
    }

    /// Verifies `chain`, the server's certificate first, for a server called `name`: a DNS name or an IP address. Returns
    /// the server's public key, which has to sign the handshake.
    ///
    /// Without a time no chain is verified: `unix_s` is that of the device's clock, in seconds since 1970, or `None` while
    /// it is not set.
    ///
    /// # Errors
    ///
    /// Why the chain was rejected; if several reasons apply, one of them.
    #[inline(never)]
    pub fn verify<'c>(
        &self,
        chain: impl IntoIterator<Item = &'c [u8]>,
        name: &str,
        unix_s: Option<u64>,
    ) -> Result<ServerKey, Error> {
        let unix_s = unix_s.filter(|now| *now >= self.floor_unix_s).ok_or(Error::NoTime)?;
        let mut certificates = [const { CertificateDer::from_slice(&[]) }; MAX_CERTIFICATES];
        let mut places = certificates.iter_mut();
        let mut count = 0usize;
        for der in chain {
            *places.next().ok_or(Error::Chain)? = CertificateDer::from_slice(der);
            count = count.saturating_add(1);
        }
        let sent = certificates.get(..count).unwrap_or_default();
        let (server, authorities) = sent.split_first().ok_or(Error::NoCertificate)?;
        check_ambiguity(authorities)?;
        let now = UnixTime::since_unix_epoch(Duration::from_secs(unix_s));
        self.verify_server(server, authorities, name, now)
    }

    fn verify_server(
        &self,
        server: &CertificateDer<'_>,
        authorities: &[CertificateDer<'_>],
        name: &str,
        now: UnixTime,
    ) -> Result<ServerKey, Error> {
        let certificate = EndEntityCert::try_from(server)?;
        let fields = Certificate::read(server).ok_or(Error::Malformed)?;
        let name = ServerName::try_from(name).map_err(|_| Error::Name)?;
        certificate.verify_is_valid_for_subject_name(&name)?;
        // RFC 8446, 4.4.2.2: "The certificate MUST allow the key to be used for signing (i.e., the digitalSignature bit MUST
        // be set if the Key Usage extension is present)".
        if !fields.may(Use::DigitalSignature) {
            return Err(Error::KeyUsage);
        }
        let usage = KeyUsage::server_auth();
        certificate.verify_for_usage(
            ALGORITHMS,
            self.roots,
            authorities,
            now,
            usage,
            None,
            Some(&check_authorities),
        )?;
        ServerKey::new(fields.key)
    }
}

/// RFC 5280, 6.1.4 (n): "If a key usage extension is present, verify that the keyCertSign bit is set." webpki 0.103 does not.
fn check_authorities(path: &VerifiedPath<'_>) -> Result<(), webpki::Error> {
    for authority in path.intermediate_certificates() {
        let der = authority.der();
        if !Certificate::read(&der).is_some_and(|it| it.may(Use::KeyCertSign)) {
            return Err(webpki::Error::IssuerNotCrlSigner);
        }
    }
    Ok(())
}

/// Refuses authorities of one name with different keys. With them somebody on the way could make up a chain that has dozens
/// of paths to a root's name, each of which costs the verification of a signature, before the last one fails. Certificates
/// that several roots issued for one authority have one name and one key.
fn check_ambiguity(authorities: &[CertificateDer<'_>]) -> Result<(), Error> {
    for (index, der) in authorities.iter().enumerate() {
        let this = Certificate::read(der).ok_or(Error::Malformed)?;
        for other in authorities.iter().take(index) {
            let other = Certificate::read(other).ok_or(Error::Malformed)?;
            if this.subject == other.subject && this.key != other.key {
                return Err(Error::Chain);
            }
        }
    }
    Ok(())
}
