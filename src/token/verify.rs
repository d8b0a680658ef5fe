//! Verifying: first the signature, then what was signed.

use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::Claims;
use super::parse::Parser;

/// How far the server's clock and another may differ, in seconds.
const LEEWAY_SECONDS: u64 = 60;

/// A token whose signature and times are right.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified<'b> {
    /// What it says, but for [`Claims::attributes`], which stay empty: read them from `json`.
    pub claims: Claims<'b>,
    /// All that it says, as it was signed.
    pub json: &'b str,
}

/// A token was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum VerifyError {
    /// It is not three parts of base64 with dots between, or what it says is not JSON of this form.
    Malformed,
    /// It is signed by another algorithm than HS256, or not at all.
    Algorithm,
    /// It is signed with another secret, or was altered.
    Signature,
    /// It ended more than a minute ago.
    Expired {
        /// When, in Unix seconds.
        at: u64,
    },
    /// It begins more than a minute from now.
    NotYetValid {
        /// When, in Unix seconds.
        at: u64,
    },
    /// What it says does not fit: pass a larger buffer.
    BufferTooSmall {
        /// Bytes that do for it.
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
/// into `buf`: one and a half times as many bytes as the token has are always enough.
///
/// Whose secret it is stands in [`Claims::issuer`]: who has several API keys compares it with the one
/// whose secret was passed, as servers do.
///
/// # Errors
/// See [`VerifyError`]; the minute of leeway is the server's own.
pub fn verify<'b>(
    token: &str,
    secret: &[u8],
    now: u64,
    buf: &'b mut [u8],
) -> Result<Verified<'b>, VerifyError> {
    // Anybody can sign with none.
    if secret.is_empty() {
        return Err(VerifyError::Empty { field: "secret" });
    }
    let (head, rest) = token.split_once('.').ok_or(VerifyError::Malformed)?;
    let (said, signature) = rest.split_once('.').ok_or(VerifyError::Malformed)?;
    let signed = head.len().saturating_add(1).saturating_add(said.len());
    let signed = token.get(..signed).ok_or(VerifyError::Malformed)?;
    check_algorithm(head)?;
    let mut expected = [0; 32];
    let signature = decode(signature, &mut expected).ok_or(VerifyError::Signature)?;
    Hmac::<Sha256>::new_from_slice(secret)
        .map(|mac| mac.chain_update(signed))
        .ok()
        .and_then(|mac| mac.verify_slice(signature).ok())
        .ok_or(VerifyError::Signature)?;

    let claims = read(said, buf)?;
    if claims.claims.expires.saturating_add(LEEWAY_SECONDS) < now {
        return Err(VerifyError::Expired { at: claims.claims.expires });
    }
    match claims.claims.not_before {
        Some(at) if at > now.saturating_add(LEEWAY_SECONDS) => Err(VerifyError::NotYetValid { at }),
        _ => Ok(claims),
    }
}

fn check_algorithm(head: &str) -> Result<(), VerifyError> {
    // Longer ones name keys and certificates, which LiveKit has none of.
    let mut room = [0; 128];
    let json = decode(head, &mut room).ok_or(VerifyError::Malformed)?;
    let json = core::str::from_utf8(json).map_err(|_| VerifyError::Malformed)?;
    match Parser::new(json, &mut []).algorithm() {
        Some("HS256") => Ok(()),
        Some(_) => Err(VerifyError::Algorithm),
        None => Err(VerifyError::Malformed),
    }
}

fn read<'b>(said: &str, buf: &'b mut [u8]) -> Result<Verified<'b>, VerifyError> {
    let available = buf.len();
    let len = said.len().saturating_mul(3) / 4;
    let too_small = |needed| VerifyError::BufferTooSmall { needed, available };
    let (json, scratch) = buf.split_at_mut_checked(len).ok_or(too_small(len.saturating_mul(2)))?;
    let json = decode(said, json).ok_or(VerifyError::Malformed)?;
    let json = core::str::from_utf8(json).map_err(|_| VerifyError::Malformed)?;
    // Texts with escapes are written out into what is left of the buffer.
    if json.contains('\\') && scratch.len() < len {
        return Err(too_small(len.saturating_mul(2)));
    }
    let claims = Parser::new(json, scratch).claims().ok_or(VerifyError::Malformed)?;
    Ok(Verified { claims, json })
}

/// Decodes base64 into `out`. Four letters at a time: of those the optimiser sees that nothing panics.
fn decode<'b>(text: &str, out: &'b mut [u8]) -> Option<&'b [u8]> {
    let mut len = 0usize;
    for letters in text.as_bytes().chunks(4) {
        let mut four = [b'A'; 4];
        four.iter_mut().zip(letters).for_each(|(to, from)| *to = *from);
        let mut three = [0; 3];
        Base64UrlUnpadded::decode(four, &mut three).ok()?;
        let (bytes, unused) = three.split_at_checked(letters.len().checked_sub(1)?)?;
        // A single letter is no byte, and bits behind the last byte are none of the text's.
        if bytes.is_empty() || unused.iter().any(|byte| *byte != 0) {
            return None;
        }
        for byte in bytes {
            *out.get_mut(len)? = *byte;
            len = len.checked_add(1)?;
        }
    }
    out.get(..len)
}

impl fmt::Debug for Verified<'_> {
    /// Without what says something about people, as of [`Claims`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("claims", &self.claims).finish_non_exhaustive()
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("this is no token of LiveKit"),
            Self::Algorithm => f.write_str("the token is not signed by HS256"),
            Self::Empty { field } => write!(f, "{field} must not be empty"),
            Self::Signature => f.write_str("the token is signed with another secret, or altered"),
            Self::Expired { at } => write!(f, "the token expired at {at}"),
            Self::NotYetValid { at } => write!(f, "the token is not valid before {at}"),
            Self::BufferTooSmall { needed, available } => {
                write!(f, "what the token says takes {needed} bytes, the buffer has {available}")
            }
        }
    }
}

impl core::error::Error for VerifyError {}
