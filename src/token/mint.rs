//! Mints a token: JSON at the end of the buffer, encoded towards its front, and signed.

use core::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::Claims;
use super::json::MAX_SECONDS;
use crate::base64;
use crate::codec::rt::Writer;

/// `{"alg":"HS256","typ":"JWT"}` and the dot after it.
const HEADER: &[u8] = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";
/// The dot and 32 bytes of signature.
const SIGNATURE_LEN: usize = 44;

/// A token was not minted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum MintError {
    /// The token does not fit the buffer: pass a larger one, or put less into the token.
    BufferTooSmall {
        /// Bytes that are needed.
        needed: usize,
        /// Bytes of the buffer that was passed.
        available: usize,
    },
    /// A setting is missing, and LiveKit would refuse the token: the API key (`issuer`), its `secret`,
    /// or the `identity` or `room` of a grant to join a room.
    Empty {
        /// `issuer`, `secret`, `identity` or `room`.
        field: &'static str,
    },
    /// A time is so far away that LiveKit's server would take the token for expired.
    TooLate {
        /// `expires` or `not_before`.
        field: &'static str,
        /// The last second that is taken.
        max: u64,
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
    check(claims, secret)?;
    let json = Writer::len_of(claims);
    let signed = HEADER.len().saturating_add(base64::encoded_len(json));
    let needed = signed.saturating_add(SIGNATURE_LEN);
    let error = MintError::BufferTooSmall { needed, available: buf.len() };
    let buf = buf.get_mut(..needed).ok_or(error)?;

    let (signed, signature) = buf.split_at_mut_checked(signed).ok_or(error)?;
    write(claims, json, signed).ok_or(error)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|_| error)?;
    mac.update(signed);
    let (dot, signature) = signature.split_first_mut().ok_or(error)?;
    *dot = b'.';
    base64::encode(&mac.finalize().into_bytes(), signature).ok_or(error)?;
    core::str::from_utf8(buf).map_err(|_| error)
}

/// Refuses what LiveKit would refuse, as far as it can be known without a clock and the server's
/// settings.
fn check(claims: &Claims<'_>, secret: &[u8]) -> Result<(), MintError> {
    let joins = claims.video.room_join;
    for (field, is_missing) in [
        ("issuer", claims.issuer.is_empty()),
        ("secret", secret.is_empty()),
        ("identity", joins && claims.identity.is_empty()),
        ("room", joins && claims.video.room.is_empty()),
    ] {
        if is_missing {
            return Err(MintError::Empty { field });
        }
    }
    for (field, seconds) in
        [("expires", claims.expires), ("not_before", claims.not_before.unwrap_or_default())]
    {
        if seconds > MAX_SECONDS {
            return Err(MintError::TooLate { field, max: MAX_SECONDS });
        }
    }
    Ok(())
}

/// Writes what is signed; `None` if `buf` is too small, which the caller has excluded.
fn write(claims: &Claims<'_>, json: usize, buf: &mut [u8]) -> Option<()> {
    Writer::encode(claims, buf).ok()?;
    buf.get_mut(..HEADER.len())?.copy_from_slice(HEADER);
    base64::encode_in_place(buf, buf.len().checked_sub(json)?, HEADER.len())
}

impl fmt::Display for MintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BufferTooSmall { needed, available } => {
                write!(f, "the token takes {needed} bytes, the buffer has {available}")
            }
            Self::Empty { field: field @ ("identity" | "room") } => {
                write!(f, "{field} must not be empty in a token for joining a room")
            }
            Self::Empty { field } => write!(f, "{field} must not be empty"),
            Self::TooLate { field, max } => write!(f, "{field} must not be after {max}"),
        }
    }
}

impl core::error::Error for MintError {}
