//! Minting: JSON at the end of the buffer, made base64 towards its front, signed behind.

use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::Claims;
use crate::codec::rt::Writer;

/// `{"alg":"HS256","typ":"JWT"}` and the dot behind it.
const HEAD: &[u8] = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";
/// The dot and 32 bytes of signature.
const SIGNATURE: usize = 44;

/// A token was not minted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum MintError {
    /// The token does not fit: pass a larger buffer, or say less in it.
    BufferTooSmall {
        /// Bytes that are needed.
        needed: usize,
        /// Bytes of the buffer that was passed.
        available: usize,
    },
    /// The API key or its secret is empty: a setting that was forgotten.
    Empty {
        /// `issuer` or `secret`.
        field: &'static str,
    },
}

/// Writes a token into `buf`, signed with the `secret` of the API key that [`Claims::issuer`] names.
///
/// # Errors
/// See [`MintError`].
pub fn mint<'b>(
    claims: &Claims<'_>,
    secret: &[u8],
    buf: &'b mut [u8],
) -> Result<&'b str, MintError> {
    for (field, is_empty) in [("issuer", claims.issuer.is_empty()), ("secret", secret.is_empty())] {
        if is_empty {
            return Err(MintError::Empty { field });
        }
    }
    let json = Writer::len_of(claims);
    let signed = HEAD.len().saturating_add(json.saturating_mul(4).div_ceil(3));
    let needed = signed.saturating_add(SIGNATURE);
    let error = MintError::BufferTooSmall { needed, available: buf.len() };
    let buf = buf.get_mut(..needed).ok_or(error)?;
    write(claims, json, buf).ok_or(error)?;

    let (text, signature) = buf.split_at_mut_checked(signed).ok_or(error)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|_| error)?;
    mac.update(text);
    let (dot, signature) = signature.split_first_mut().ok_or(error)?;
    *dot = b'.';
    Base64UrlUnpadded::encode(&mac.finalize().into_bytes(), signature).map_err(|_| error)?;
    core::str::from_utf8(buf).map_err(|_| error)
}

/// Writes what is signed; `None` if `buf` is too small, which the caller has excluded.
fn write(claims: &Claims<'_>, json: usize, buf: &mut [u8]) -> Option<()> {
    Writer::encode(claims, buf).ok()?;
    buf.get_mut(..HEAD.len())?.copy_from_slice(HEAD);
    // Three bytes become four, from the front on: what is written never reaches what is to be read.
    let (mut from, mut to) = (buf.len().checked_sub(json)?, HEAD.len());
    while from < buf.len() {
        let mut three = [0; 3];
        let count = three.len().min(buf.len().saturating_sub(from));
        let next = from.saturating_add(count);
        for (slot, byte) in three.iter_mut().zip(buf.get(from..next)?) {
            *slot = *byte;
        }
        let mut four = [0; 4];
        let text = Base64UrlUnpadded::encode(three.get(..count)?, &mut four).ok()?;
        let end = to.saturating_add(text.len());
        for (slot, byte) in buf.get_mut(to..end)?.iter_mut().zip(text.bytes()) {
            *slot = byte;
        }
        (from, to) = (next, end);
    }
    Some(())
}

impl fmt::Display for MintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BufferTooSmall { needed, available } => {
                write!(f, "the token takes {needed} bytes, the buffer has {available}")
            }
            Self::Empty { field } => write!(f, "{field} must not be empty"),
        }
    }
}

impl core::error::Error for MintError {}
