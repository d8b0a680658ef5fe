//! Which streams a firmware wants, and how many at a time.

use core::marker::PhantomData;

use super::slot::{FREE, Slot};
#[cfg(doc)]
use super::{StreamError, StreamPart};

/// The topics whose streams a firmware wants, as LiveKit's `registerTextStreamHandler` and
/// `registerByteStreamHandler`. Streams of others take no space.
///
/// ```
/// use livekit_micro::{data::Topics, topics};
///
/// struct Panel;
///
/// impl Topics for Panel {
///     const TOPICS: &'static [&'static str] = &[topics::TRANSCRIPTION, "settings"];
/// }
/// ```
pub trait Topics {
    /// The topics. [`StreamPart::topic`] is an index of it.
    const TOPICS: &'static [&'static str];
    /// Bytes of a stream at most.
    const MAX_BYTES: u32 = u32::MAX;
    /// Compressed streams are wanted, too: their content comes as it was sent, for an
    #[cfg_attr(feature = "deflate", doc = "[`Inflater`](crate::data::Inflater).")]
    #[cfg_attr(not(feature = "deflate"), doc = "`Inflater` (feature `deflate`).")]
    /// Senders compress only for participants that announce `CAP_COMPRESSION_DEFLATE_RAW`. Without it such a stream
    /// is refused, [`StreamError::Compressed`].
    const COMPRESSED: bool = false;
    /// Milliseconds without a chunk after which a stream is given up. No SDK does so, but their streams take
    /// no space of a device's.
    const IDLE_MS: u32 = 30_000;
}

/// The receiving side of streams: `()`, or [`Incoming`].
pub trait Streams: sealed::Streams {}

impl Streams for () {}
impl<T: Topics, const N: usize> Streams for Incoming<T, N> {}

mod sealed {
    use crate::data::stream::Slot;

    pub trait Streams {
        const EMPTY: Self;
        const TOPICS: &'static [&'static str] = &[];
        const MAX_BYTES: u32 = 0;
        const COMPRESSED: bool = false;
        const IDLE_MS: u32 = 0;
        const IS_ANY: bool = false;

        fn slots(&mut self) -> &mut [Slot] {
            &mut []
        }
    }
}

impl sealed::Streams for () {
    const EMPTY: Self = ();
}

/// Up to `N` open streams of the [`Topics`] `T`. Nothing of their content is kept.
pub struct Incoming<T, const N: usize>([Slot; N], PhantomData<T>);

impl<T: Topics, const N: usize> sealed::Streams for Incoming<T, N> {
    const EMPTY: Self = Self([FREE; N], PhantomData);
    const TOPICS: &'static [&'static str] = T::TOPICS;
    const MAX_BYTES: u32 = T::MAX_BYTES;
    const COMPRESSED: bool = T::COMPRESSED;
    const IDLE_MS: u32 = T::IDLE_MS;
    const IS_ANY: bool = true;

    fn slots(&mut self) -> &mut [Slot] {
        &mut self.0
    }
}
