//! Which sources of tracks may be published.

use core::fmt;
use core::ops::BitOr;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

/// A set of sources of tracks: `Sources::CAMERA | Sources::MICROPHONE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sources(u8);

impl Sources {
    /// No source at all.
    pub const NONE: Self = Self(0);
    /// `camera`
    pub const CAMERA: Self = Self(1);
    /// `microphone`
    pub const MICROPHONE: Self = Self(2);
    /// `screen_share`
    pub const SCREEN_SHARE: Self = Self(4);
    /// `screen_share_audio`
    pub const SCREEN_SHARE_AUDIO: Self = Self(8);

    const NAMES: [(Self, &str); 4] = [
        (Self::CAMERA, "camera"),
        (Self::MICROPHONE, "microphone"),
        (Self::SCREEN_SHARE, "screen_share"),
        (Self::SCREEN_SHARE_AUDIO, "screen_share_audio"),
    ];

    /// Does it hold all of `other`?
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn names(self) -> impl DoubleEndedIterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(source, _)| self.contains(*source)).map(|it| it.1)
    }
}

impl BitOr for Sources {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl<'de> Deserialize<'de> for Sources {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = Sources;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of sources")
            }

            // A source that is not known here is not granted.
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Sources, A::Error> {
                let mut sources = Sources::NONE;
                while let Some(name) = list.next_element::<&str>()? {
                    let known = Sources::NAMES.iter().find(|(_, known)| *known == name);
                    sources = sources | known.map_or(Sources::NONE, |(source, _)| *source);
                }
                Ok(sources)
            }
        }
        deserializer.deserialize_seq(Names)
    }
}
