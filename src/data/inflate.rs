//! Compressed streams (feature `deflate`): raw DEFLATE, RFC 1951, without a header of zlib or gzip.

use core::fmt;

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_HAS_MORE_INPUT;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::stream::StreamInfo;

/// Bytes that a compressed stream may refer back to (RFC 1951, 2: "the preceding 32K bytes").
pub const INFLATE_WINDOW_BYTES: usize = 32 * 1024;

/// Decompresses the content of one stream at a time, piece by piece. It takes about 11 KB, and the window is the
/// caller's.
///
/// ```
/// use livekit_micro::data::{Closed, INFLATE_WINDOW_BYTES, InflateError, Inflater, StreamPart};
///
/// /// Returns `true` when the stream is complete.
/// fn take(
///     inflater: &mut Inflater<'_>,
///     part: &StreamPart<'_>,
///     store: impl FnMut(&[u8]),
/// ) -> Result<bool, InflateError> {
///     if let Some(info) = &part.opened {
///         inflater.start(info, 1_000_000);
///     }
///     inflater.push(part.content, store)?;
///     match part.closed {
///         Some(Closed::Complete { .. }) => inflater.finish().map(|()| true),
///         _ => Ok(false),
///     }
/// }
///
/// let mut window = [0; INFLATE_WINDOW_BYTES]; // in a firmware: a static
/// let mut inflater = Inflater::new(&mut window);
/// # let part = StreamPart { stream: 0, topic: 0, opened: None, content: &[3, 0], offset: 0, closed: None };
/// # assert_eq!(take(&mut inflater, &part, |_| ()), Ok(false));
/// ```
pub struct Inflater<'w> {
    window: &'w mut [u8; INFLATE_WINDOW_BYTES],
    decompressor: DecompressorOxide,
    /// Where in the window the next byte goes.
    at: usize,
    written: u32,
    total: Option<u32>,
    max: u32,
    /// The last block has ended.
    is_done: bool,
}

impl<'w> Inflater<'w> {
    /// An inflater for streams without a length, of at most 4 GiB.
    pub fn new(window: &'w mut [u8; INFLATE_WINDOW_BYTES]) -> Self {
        let decompressor = DecompressorOxide::new();
        Self { window, decompressor, at: 0, written: 0, total: None, max: u32::MAX, is_done: false }
    }

    /// Begins with a stream of at most `max_bytes` when decompressed.
    pub fn start(&mut self, stream: &StreamInfo<'_>, max_bytes: u32) {
        self.decompressor.init();
        (self.at, self.written, self.is_done) = (0, 0, false);
        (self.total, self.max) = (stream.total_length, max_bytes);
    }

    /// Decompresses the next content and passes it on, in pieces of at most 32 KiB.
    ///
    /// # Errors
    /// [`InflateError`]; what was passed on before is good. Nothing more of the stream can be decompressed.
    pub fn push(
        &mut self,
        mut content: &[u8],
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), InflateError> {
        loop {
            if self.is_done {
                let is_all = content.is_empty();
                return if is_all { Ok(()) } else { Err(InflateError::Malformed) };
            }
            let flags = TINFL_FLAG_HAS_MORE_INPUT;
            let (status, read, len) =
                decompress(&mut self.decompressor, content, &mut self.window[..], self.at, flags);
            content = content.get(read..).unwrap_or_default();
            self.written = u32::try_from(len)
                .ok()
                .and_then(|len| self.written.checked_add(len))
                .filter(|written| *written <= self.total.unwrap_or(self.max).min(self.max))
                .ok_or(InflateError::TooLong)?;
            if let Some(piece) = self.window.get(self.at..self.at.saturating_add(len))
                && !piece.is_empty()
            {
                take(piece);
            }
            self.at = self.at.wrapping_add(len) & (INFLATE_WINDOW_BYTES - 1);
            match status {
                TINFLStatus::Done => self.is_done = true,
                TINFLStatus::HasMoreOutput => {}
                TINFLStatus::NeedsMoreInput => return Ok(()),
                _ => return Err(InflateError::Malformed),
            }
        }
    }

    /// Ends the stream. Senders may leave out the last block, so only the length tells whether it is whole.
    ///
    /// # Errors
    /// [`InflateError::Incomplete`]
    pub fn finish(&self) -> Result<(), InflateError> {
        match self.total {
            Some(total) if total != self.written => Err(InflateError::Incomplete),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Inflater<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { written, total, is_done, .. } = self;
        let mut f = f.debug_struct("Inflater");
        f.field("written", written).field("total", total).field("is_done", is_done);
        f.finish_non_exhaustive()
    }
}

/// Why a stream cannot be decompressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum InflateError {
    /// It is not raw DEFLATE, or has something after its last block.
    Malformed,
    /// It has more bytes than its header said, or than are wanted.
    TooLong,
    /// It ended before the bytes that its header said.
    Incomplete,
}

impl fmt::Display for InflateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the stream is not raw DEFLATE",
            Self::TooLong => "the stream is longer than its header said, or than is wanted",
            Self::Incomplete => "the stream is shorter than its header said",
        })
    }
}

impl core::error::Error for InflateError {}
