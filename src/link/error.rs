//! What goes wrong with a link.

use core::fmt;

use crate::data;

/// Why a device is not in its room any more, or could not join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    /// The bridge was not heard for 10 s, or was started anew.
    Line,
    /// The connection of the bridge to the room broke.
    Room,
    /// The bridge speaks another version of the line's protocol: this one.
    Version(u8),
    /// The token is empty, or longer than [`Memory::send`](super::Memory) has space for.
    Token,
}

/// Why something was not sent. Nothing of it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SendError {
    /// The device is not in the room: [`Event::Connected`](super::Event) or [`Event::Reconnected`](super::Event) comes
    /// first.
    NotConnected,
    /// What was sent before is not acknowledged by the bridge yet: [`Event::Writable`](super::Event) says when there is
    /// space.
    Full,
    /// The frame is longer than [`Memory::frame`](super::Memory), or than [`Memory::send`](super::Memory) has space for.
    TooLong {
        /// Bytes of the frame.
        needed: usize,
        /// The most.
        max: usize,
    },
    /// The session did not make a frame of it.
    Data(data::SendError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line => f.write_str("the bridge is not heard, or was started anew"),
            Self::Room => f.write_str("the bridge's connection to the room broke"),
            Self::Version(version) => {
                write!(f, "the bridge speaks version {version} of the line's protocol")
            }
            Self::Token => f.write_str("the token is empty or too long"),
        }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected => f.write_str("the device is not in the room"),
            Self::Full => f.write_str("the bridge has not acknowledged what was sent before"),
            Self::TooLong { needed, max } => {
                write!(f, "the frame has {needed} bytes, at most {max} are sent")
            }
            Self::Data(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Error {}
impl core::error::Error for SendError {}
