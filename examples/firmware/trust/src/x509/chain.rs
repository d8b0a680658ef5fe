//! From a server's certificate to a root.

use p256::ecdsa::VerifyingKey;

use super::{Certificate, Distrust};

/// How many authorities may be between a server and the root. Each takes the time of a signature.
const MOST_BETWEEN: u8 = 3;

/// Does `root` vouch for the server called `name`, whose certificate comes first in `chain`?
/// Returns the server's key, with which it has to sign.
///
/// Every certificate of the chain is issued by the one that follows it; the root may be there at
/// its end or not. A root may as well be the server's own certificate, if that is what is trusted.
///
/// Without a time, `unix_s`, certificates are valid for ever: a device without a clock goes on
/// trusting a key that was stolen and whose certificate has expired since.
///
/// # Errors
///
/// The first reason that was found.
pub fn verify<'a>(
    chain: impl IntoIterator<Item = &'a [u8]>,
    root: &Certificate<'_>,
    name: &str,
    unix_s: Option<u64>,
) -> Result<VerifyingKey, Distrust> {
    let mut chain = chain.into_iter();
    let mut next = || chain.next().ok_or(Distrust::Issuer).and_then(Certificate::read);
    let server = next()?;
    server.stands_for(name)?;

    let mut last = server.clone();
    for between in 0..=MOST_BETWEEN {
        if let Some(now) = unix_s {
            last.is_valid(now)?;
        }
        if last.der == root.der {
            return server.key();
        }
        // Somebody else may have the root's name, and the chain may still lead to the root.
        if last.issuer == root.subject && last.is_signed_by(root).is_ok() {
            root.may_issue(between)?;
            if let Some(now) = unix_s {
                root.is_valid(now)?;
            }
            return server.key();
        }
        let issuer = next()?;
        if last.issuer != issuer.subject {
            return Err(Distrust::Issuer);
        }
        issuer.may_issue(between)?;
        last.is_signed_by(&issuer)?;
        last = issuer;
    }
    Err(Distrust::Issuer)
}
