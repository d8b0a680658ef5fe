//! Verification of a chain, from the server's certificate to a root.

use p256::ecdsa::VerifyingKey;

use super::{CertError, Certificate};

/// The most authorities between server and root. Each costs the verification of a signature.
const MAX_BETWEEN: u8 = 3;

/// Verifies that `chain`, the server's certificate first, leads to `root` and is for a server called `name`.
/// Returns the server's public key.
///
/// Each certificate of the chain is issued by the next one; the root may be the last one or be
/// left out. The root may also be the server's own certificate.
///
/// Without a time, `unix_s`, expiry is not checked: a device without a clock goes on trusting a
/// stolen key whose certificate has expired.
///
/// # Errors
///
/// The first reason found.
pub fn verify<'a>(
    chain: impl IntoIterator<Item = &'a [u8]>,
    root: &Certificate<'_>,
    name: &str,
    unix_s: Option<u64>,
) -> Result<VerifyingKey, CertError> {
    let mut chain = chain.into_iter();
    let mut next = || chain.next().ok_or(CertError::Issuer).and_then(Certificate::read);
    let server = next()?;
    server.verify_for_name(name)?;

    let mut last = server.clone();
    for between in 0..=MAX_BETWEEN {
        if let Some(now) = unix_s {
            last.verify_time(now)?;
        }
        if last.der == root.der {
            return server.key();
        }
        // Another authority may have the root's name, and the chain may still lead to the root.
        if last.issuer == root.subject && last.verify_signature_by(root).is_ok() {
            root.verify_as_issuer(between)?;
            if let Some(now) = unix_s {
                root.verify_time(now)?;
            }
            return server.key();
        }
        let issuer = next()?;
        if last.issuer != issuer.subject {
            return Err(CertError::Issuer);
        }
        issuer.verify_as_issuer(between)?;
        last.verify_signature_by(&issuer)?;
        last = issuer;
    }
    Err(CertError::Issuer)
}
