//! Why something is not encrypted, not opened, or no key.

use core::fmt;

/// A packet or frame was not encrypted. Nothing is to be sent.
// A whole word, so that a `SendError` with it is copied by words.
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SealError {
    /// This participant has no key.
    NoKey,
    /// There are no random bits yet, or 4 294 967 295 packets were encrypted with them: call
    /// [`E2ee::seed`](super::E2ee::seed).
    OutOfNonces,
    /// The [`Cipher`](super::Cipher) failed.
    Cipher,
}

/// What was received was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum OpenError {
    /// It is not encrypted, and [`Policy::Require`](super::Policy::Require) wants that.
    Unencrypted,
    /// There is no key of this index, or none of its sender.
    NoKey {
        /// The index of the key, as the sender says.
        key_index: u32,
    },
    /// The tag is another one: its sender has another key, or it was changed on its way.
    WrongKey,
    /// It is not what LiveKit's SDKs make: too short, another initialization vector than of 12 bytes, or what was
    /// encrypted is not a protobuf message.
    Malformed,
}

/// A key was not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum KeyError {
    /// The index is above [`MAX_KEY_INDEX`](super::MAX_KEY_INDEX).
    IndexTooLarge {
        /// The index.
        index: u8,
    },
    /// The identity is longer than the table's are.
    IdentityTooLong {
        /// Its bytes.
        len: usize,
        /// The most.
        max: usize,
    },
    /// The table has keys of as many others as it can: remove one.
    TooManyParticipants {
        /// The most.
        max: usize,
    },
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoKey => "this participant has no key",
            Self::OutOfNonces => "initialization vectors are used up: random bits are needed",
            Self::Cipher => "the cipher failed",
        })
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unencrypted => f.write_str("it is not encrypted"),
            Self::NoKey { key_index } => {
                write!(f, "its sender has no key of the index {key_index}")
            }
            Self::WrongKey => f.write_str("its sender has another key, or it was changed"),
            Self::Malformed => f.write_str("it is malformed"),
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IndexTooLarge { index } => write!(f, "the index {index} is above 15"),
            Self::IdentityTooLong { len, max } => {
                write!(f, "the identity has {len} bytes, at most {max} are kept")
            }
            Self::TooManyParticipants { max } => {
                write!(f, "there are keys of {max} participants already")
            }
        }
    }
}

impl core::error::Error for SealError {}
impl core::error::Error for OpenError {}
impl core::error::Error for KeyError {}
