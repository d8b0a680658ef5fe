//! Verifies a token: first the signature, then the claims.

use core::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::Claims;
use super::json::Parser;
use crate::base64;

/// Seconds that the clocks of a server and another may differ by, for LiveKit's server.
const LEEWAY_SECONDS: u64 = 60;

/// A token whose signature and times are right.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified<'b> {
    /// Its claims, except for [`Claims::attributes`], which stay empty: read them from `json`.
    pub claims: Claims<'b>,
    /// The whole payload, as it was signed.
    pub json: &'b str,
}

/// A token was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum VerifyError {
    /// The token is not three parts of base64 with dots between them, or the payload is not JSON of
    /// this form.
    Malformed,
    /// The token is signed by another algorithm than HS256, or not at all.
    Algorithm,
    /// The token is signed with another secret, or was altered.
    Signature,
    /// The token expired a minute ago or earlier.
    Expired {
        /// When it expired, in Unix seconds.
        at: u64,
    },
    /// The token begins more than a minute from now.
    NotYetValid {
        /// When it begins, in Unix seconds.
        at: u64,
    },
    /// The claims do not fit: pass a larger buffer.
    BufferTooSmall {
        /// Bytes that are always enough for this token.
        needed: usize,
        /// Bytes of the buffer that was passed.
        available: usize,
    },
    /// The secret is empty: a setting that was forgotten.
    Empty {
        /// `secret`.
        field: &'static str,
    },
}

/// Checks that `token` was signed with `secret` and is valid at `now`, in Unix seconds, and reads it
/// into `buf`, for which one and a half times the length of the token is always enough.
///
/// It accepts what LiveKit's server accepts: times with a fraction or an exponent,
/// which are rounded down, `null` for a claim that is absent, `jti` for a missing `sub`, and half a
/// surrogate pair, which becomes U+FFFD. The minute of leeway is the server's own.
///
/// [`Claims::issuer`] names the API key. A caller with several keys compares it with the key whose
/// secret it passed, as servers do.
///
/// # Errors
/// See [`VerifyError`].
pub fn verify<'b>(
    token: &str,
    secret: &[u8],
    now: u64,
    buf: &'b mut [u8],
) -> Result<Verified<'b>, VerifyError> {
    // Anybody can sign with an empty one.
    if secret.is_empty() {
        return Err(VerifyError::Empty { field: "secret" });
    }
    let (header, rest) = token.split_once('.').ok_or(VerifyError::Malformed)?;
    let (payload, signature) = rest.split_once('.').ok_or(VerifyError::Malformed)?;
    let signed = header.len().saturating_add(1).saturating_add(payload.len());
    let signed = token.get(..signed).ok_or(VerifyError::Malformed)?;
    let needed = needed(header, payload);
    let error = VerifyError::BufferTooSmall { needed, available: buf.len() };
    check_algorithm(header, buf.get_mut(..base64::decoded_len(header.len())).ok_or(error)?)?;
    let mut expected = [0; 32];
    let signature = base64::decode(signature, &mut expected).ok_or(VerifyError::Signature)?;
    Hmac::<Sha256>::new_from_slice(secret)
        .map(|mac| mac.chain_update(signed))
        .ok()
        .and_then(|mac| mac.verify_slice(signature).ok())
        .ok_or(VerifyError::Signature)?;

    let verified = read(payload, buf, error)?;
    let Claims { expires, not_before, .. } = verified.claims;
    if now >= expires.saturating_add(LEEWAY_SECONDS) {
        return Err(VerifyError::Expired { at: expires });
    }
    match not_before {
        Some(at) if at > now.saturating_add(LEEWAY_SECONDS) => Err(VerifyError::NotYetValid { at }),
        _ => Ok(verified),
    }
}

/// Bytes for the header, and after it for the payload twice: as JSON, and its strings without escapes.
fn needed(header: &str, payload: &str) -> usize {
    let payload = base64::decoded_len(payload.len()).saturating_mul(2);
    base64::decoded_len(header.len()).max(payload)
}

fn check_algorithm(header: &str, buf: &mut [u8]) -> Result<(), VerifyError> {
    match Parser::new(decode(header, buf)?, &mut []).check_hs256() {
        Some(true) => Ok(()),
        Some(false) => Err(VerifyError::Algorithm),
        None => Err(VerifyError::Malformed),
    }
}

fn read<'b>(
    payload: &str,
    buf: &'b mut [u8],
    too_small: VerifyError,
) -> Result<Verified<'b>, VerifyError> {
    let len = base64::decoded_len(payload.len());
    let (json, scratch) = buf.split_at_mut_checked(len).ok_or(too_small)?;
    let json = decode(payload, json)?;
    if json.contains('\\') && scratch.len() < len {
        return Err(too_small);
    }
    let claims = Parser::new(json, scratch).claims().ok_or(VerifyError::Malformed)?;
    Ok(Verified { claims, json })
}

fn decode<'b>(text: &str, buf: &'b mut [u8]) -> Result<&'b str, VerifyError> {
    let json = base64::decode(text, buf).ok_or(VerifyError::Malformed)?;
    core::str::from_utf8(json).map_err(|_| VerifyError::Malformed)
}

impl fmt::Debug for Verified<'_> {
    /// Redacted as [`Claims`] is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("claims", &self.claims).finish_non_exhaustive()
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("not a valid LiveKit token"),
            Self::Algorithm => f.write_str("the token is not signed by HS256"),
            Self::Empty { field } => write!(f, "{field} must not be empty"),
            Self::Signature => f.write_str("the token is signed with another secret, or altered"),
            Self::Expired { at } => write!(f, "the token expired at {at}"),
            Self::NotYetValid { at } => write!(f, "the token is not valid before {at}"),
            Self::BufferTooSmall { needed, available } => {
                write!(f, "the claims take {needed} bytes, the buffer has {available}")
            }
        }
    }
}

impl core::error::Error for VerifyError {}
