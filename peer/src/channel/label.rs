//! Labels.

/// A label in a buffer of [`LABEL`] bytes.
#[derive(Clone, Copy)]
pub(super) struct Label {
    len: u8,
    bytes: [u8; LABEL],
}

/// The longest label, in bytes. An [`open`](super::Channels::open) with a longer one is refused, and so is a channel of
/// the peer: its stream is reset.
pub const LABEL: usize = 32;

impl Label {
    pub(super) const EMPTY: Self = Self { len: 0, bytes: [0; LABEL] };

    /// Keeps a label; `None` if it is too long.
    pub(super) fn new(label: &str) -> Option<Self> {
        let mut kept = Self { len: label.len() as u8, ..Self::EMPTY };
        let bytes = kept.bytes.get_mut(..label.len())?;
        for (to, from) in bytes.iter_mut().zip(label.as_bytes()) {
            *to = *from;
        }
        Some(kept)
    }

    pub(super) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.len.into()).unwrap_or(&[]);
        core::str::from_utf8(bytes).unwrap_or("")
    }
}
