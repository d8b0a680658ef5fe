//! User name fragments and passwords.

use core::fmt;

use crate::Crypto;

/// The credentials of an agent for one session: a user name fragment of at most 32 bytes and a password of at
/// most 64. RFC 8839 allows 256 of each; servers and browsers take 4 to 32, and 22 to 32.
///
/// A restart needs new ones. `Debug` leaves the password out.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    ufrag: Text<MAX_UFRAG_BYTES>,
    pwd: Text<MAX_PWD_BYTES>,
}

/// Credentials that an agent cannot use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CredentialsError {
    /// The user name fragment has so many bytes, not 4 to 32.
    UfragLength(usize),
    /// The password has so many bytes, not 22 to 64.
    PwdLength(usize),
    /// A byte that is neither a visible character of ASCII nor allowed: a colon ends a user name fragment.
    Character(u8),
}

impl Credentials {
    /// The credentials of a description.
    ///
    /// # Errors
    /// [`CredentialsError`] for lengths and characters that are not allowed.
    pub fn new(ufrag: &str, pwd: &str) -> Result<Self, CredentialsError> {
        // RFC 8839, 5.4: "ice-pwd-att = "ice-pwd:" password, ice-ufrag-att = "ice-ufrag:" ufrag,
        // password = 22*256ice-char, ufrag = 4*256ice-char".
        if !(4..=MAX_UFRAG_BYTES).contains(&ufrag.len()) {
            return Err(CredentialsError::UfragLength(ufrag.len()));
        }
        if !(22..=MAX_PWD_BYTES).contains(&pwd.len()) {
            return Err(CredentialsError::PwdLength(pwd.len()));
        }
        // The RFC has letters, digits, + and /. Some servers use the letters of base64url, with - and _.
        let is_allowed = |byte: &u8| byte.is_ascii_graphic() && *byte != b':';
        match ufrag.bytes().chain(pwd.bytes()).find(|byte| !is_allowed(byte)) {
            Some(byte) => Err(CredentialsError::Character(byte)),
            None => Ok(Self { ufrag: Text::new(ufrag), pwd: Text::new(pwd) }),
        }
    }

    /// New credentials: 8 and 24 random characters.
    pub fn generate<C: Crypto>(crypto: &mut C) -> Self {
        // RFC 8445, 5.3: "The values MUST be unguessable, with at least 128 bits of random number generator
        // output used to generate the password, and at least 24 bits of output to generate the username
        // fragment." These have 144 and 48.
        Self { ufrag: Text::random(crypto, 8), pwd: Text::random(crypto, 24) }
    }

    /// The user name fragment.
    pub fn ufrag(&self) -> &str {
        self.ufrag.as_str()
    }

    /// The password.
    pub fn pwd(&self) -> &str {
        self.pwd.as_str()
    }

    pub(super) fn ufrag_bytes(&self) -> &[u8] {
        self.ufrag.as_bytes()
    }

    pub(super) fn pwd_bytes(&self) -> &[u8] {
        self.pwd.as_bytes()
    }

    /// No credentials.
    pub(crate) const NONE: Self = Self { ufrag: Text::EMPTY, pwd: Text::EMPTY };
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("ufrag", &self.ufrag()).finish_non_exhaustive()
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UfragLength(len) => {
                write!(
                    f,
                    "the user name fragment has {len} bytes; 4 to {MAX_UFRAG_BYTES} are allowed"
                )
            }
            Self::PwdLength(len) => {
                write!(f, "the password has {len} bytes; 22 to {MAX_PWD_BYTES} are allowed")
            }
            Self::Character(byte) => {
                write!(f, "byte {byte:#04x} is not allowed in credentials of ICE")
            }
        }
    }
}

impl core::error::Error for CredentialsError {}

/// ASCII of at most `N` bytes.
#[derive(Clone, PartialEq, Eq)]
struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    const EMPTY: Self = Self { bytes: [0; N], len: 0 };

    /// A copy of a text that is not longer than `N`.
    fn new(text: &str) -> Self {
        let mut this = Self { len: text.len().min(N), ..Self::EMPTY };
        this.bytes.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        this
    }

    /// So many random characters.
    fn random<C: Crypto>(crypto: &mut C, len: usize) -> Self {
        let mut this = Self { len, ..Self::EMPTY };
        let bytes = this.bytes.get_mut(..len).unwrap_or(&mut []);
        crypto.random(bytes);
        bytes.iter_mut().for_each(|byte| *byte = ice_char(*byte));
        this
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&[])
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or("")
    }
}

/// The character of the low six bits.
fn ice_char(byte: u8) -> u8 {
    // RFC 8839, 5.4: "ice-char = ALPHA / DIGIT / "+" / "/"".
    let value = byte & 63;
    match value {
        0..26 => value.wrapping_add(b'A'),
        26..52 => value.wrapping_sub(26).wrapping_add(b'a'),
        52..62 => value.wrapping_sub(52).wrapping_add(b'0'),
        62 => b'+',
        _ => b'/',
    }
}

const MAX_UFRAG_BYTES: usize = 32;
const MAX_PWD_BYTES: usize = 64;
