//! The sources of tracks that may be published.

use core::ops::BitOr;

/// A set of sources of tracks: `Sources::CAMERA | Sources::MICROPHONE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sources(u8);

impl Sources {
    /// `camera`
    pub const CAMERA: Self = Self(1);
    /// `microphone`
    pub const MICROPHONE: Self = Self(2);
    /// `screen_share`
    pub const SCREEN_SHARE: Self = Self(4);
    /// `screen_share_audio`
    pub const SCREEN_SHARE_AUDIO: Self = Self(8);

    /// No source that is known here.
    pub(super) const NONE: Self = Self(0);

    const NAMES: [(Self, &str); 4] = [
        (Self::CAMERA, "camera"),
        (Self::MICROPHONE, "microphone"),
        (Self::SCREEN_SHARE, "screen_share"),
        (Self::SCREEN_SHARE_AUDIO, "screen_share_audio"),
    ];

    /// Returns `true` if all sources of `other` are in it.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn names(self) -> impl DoubleEndedIterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(source, _)| self.contains(*source)).map(|it| it.1)
    }

    pub(super) fn named(name: impl Iterator<Item = char> + Clone) -> Self {
        let found = Self::NAMES.iter().find(|(_, it)| name.clone().eq(it.chars()));
        found.map_or(Self::NONE, |(source, _)| *source)
    }
}

impl BitOr for Sources {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
