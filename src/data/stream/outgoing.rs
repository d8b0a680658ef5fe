//! Streams that this participant sends.

use super::MAX_CHUNK_BYTES;
use crate::Writer;
use crate::data::encryption::Encryption;
use crate::data::error::SendError;
use crate::data::id::Uuid;
use crate::data::local::LocalParticipant;
use crate::data::resend::Keep;
use crate::tags::data_stream::header::attributes_entry;
use crate::tags::{data_packet, data_stream};

/// What the header of a stream says.
#[derive(Debug, Clone, Copy, Default)]
pub struct StreamOptions<'a, 'to> {
    /// What it is about; receivers choose their streams by it.
    pub topic: &'a str,
    /// The identities of its receivers; empty for everybody.
    pub to: &'to [&'to str],
    /// Anything else; keys and values.
    pub attributes: &'a [(&'a str, &'a str)],
    /// Bytes of all its content, if they are known. Tell them where you can: without them, a stream that ends
    /// because its sender stops looks complete.
    pub total_length: Option<u32>,
    /// Empty for `text/plain` of a text, `application/octet-stream` of bytes.
    pub mime_type: &'a str,
    /// The name of a file, for a byte stream; empty for `unknown`.
    pub name: &'a str,
    /// The id of the text stream that this text answers.
    pub reply_to_stream_id: &'a str,
    /// The ids of byte streams that belong to this text.
    pub attached_stream_ids: &'a [&'a str],
    /// The time, in milliseconds since 1970; 0 if the device does not know it.
    pub timestamp_ms: i64,
}

/// A stream that this participant has opened: makes its chunks, and its end.
///
/// It keeps no content. Frames are sent in the order in which they are made.
#[must_use = "receivers wait until it is closed"]
#[derive(Clone)]
pub struct StreamWriter<'a> {
    /// As text: to format it for each chunk takes 400 instructions.
    id: [u8; 36],
    to: &'a [&'a str],
    next: u32,
    written: u32,
    total: Option<u32>,
    is_text: bool,
}

impl<K: Keep, E: Encryption> LocalParticipant<K, E> {
    /// Opens a text stream: makes the frame of its header, and what makes the others. `random` becomes its
    /// id.
    ///
    /// # Errors
    /// [`SendError::TooLong`] for a header over 15 000 bytes.
    #[inline(always)]
    pub fn stream_text<'a, 'b>(
        &mut self,
        options: &StreamOptions<'_, 'a>,
        random: [u8; 16],
        buf: &'b mut [u8],
    ) -> Result<(StreamWriter<'a>, &'b [u8]), SendError> {
        self.open(options, options.to, true, random, buf)
    }

    /// Opens a byte stream: makes the frame of its header, and what makes the others. `random` becomes its
    /// id.
    ///
    /// # Errors
    /// [`SendError::TooLong`] for a header over 15 000 bytes.
    #[inline(always)]
    pub fn stream_bytes<'a, 'b>(
        &mut self,
        options: &StreamOptions<'_, 'a>,
        random: [u8; 16],
        buf: &'b mut [u8],
    ) -> Result<(StreamWriter<'a>, &'b [u8]), SendError> {
        self.open(options, options.to, false, random, buf)
    }

    /// Sends a whole text in one frame. Only receivers with `client_protocol` 2 or more take it; the others
    /// see an empty stream that never ends.
    ///
    /// # Errors
    /// [`SendError::TooLong`] if text and header are over 15 000 bytes.
    pub fn send_text_inline<'b>(
        &mut self,
        text: &str,
        options: &StreamOptions<'_, '_>,
        random: [u8; 16],
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        let id = Uuid::new(random);
        self.header(options, options.to, true, Some(text.as_bytes()), id.text(&mut [0; 36]), buf)
    }

    /// Sends bytes in one frame, as [`send_text_inline`](Self::send_text_inline).
    ///
    /// # Errors
    /// [`SendError::TooLong`] if bytes and header are over 15 000 bytes.
    pub fn send_bytes_inline<'b>(
        &mut self,
        bytes: &[u8],
        options: &StreamOptions<'_, '_>,
        random: [u8; 16],
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        let id = Uuid::new(random);
        self.header(options, options.to, false, Some(bytes), id.text(&mut [0; 36]), buf)
    }

    /// Opens a stream to `to`, whatever `options` say of that.
    #[inline(always)] // moving the writer would take `memcpy`
    pub(in crate::data) fn open<'a, 'b>(
        &mut self,
        options: &StreamOptions<'_, '_>,
        to: &'a [&'a str],
        is_text: bool,
        random: [u8; 16],
        buf: &'b mut [u8],
    ) -> Result<(StreamWriter<'a>, &'b [u8]), SendError> {
        let mut id = [0; 36];
        let text = Uuid::new(random).text(&mut id);
        let frame = self.header(options, to, is_text, None, text, buf)?;
        let total = options.total_length;
        Ok((StreamWriter { id, to, next: 0, written: 0, total, is_text }, frame))
    }

    #[inline(never)]
    pub(in crate::data) fn header<'b>(
        &mut self,
        options: &StreamOptions<'_, '_>,
        to: &[&str],
        is_text: bool,
        inline_content: Option<&[u8]>,
        id: &str,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        let default = if is_text { "text/plain" } else { "application/octet-stream" };
        let total = match inline_content {
            Some(content) => Some(content.len() as u64),
            None => options.total_length.map(u64::from),
        };
        let body = |w: &mut Writer<'_>| {
            use data_stream::header;
            if let Some(content) = inline_content {
                w.put_bytes(header::INLINE_CONTENT, content);
            }
            if is_text {
                w.fields(header::TEXT_HEADER, |w| text_header(options, w));
            } else {
                let name = or(options.name, "unknown");
                w.fields(header::BYTE_HEADER, |w| w.str(data_stream::byte_header::NAME, name));
            }
            attributes(header::ATTRIBUTES, options.attributes, w);
            if let Some(total) = total {
                w.put_uint64(header::TOTAL_LENGTH, total);
            }
            w.str(header::MIME_TYPE, or(options.mime_type, default));
            w.str(header::TOPIC, options.topic);
            w.int64(header::TIMESTAMP, options.timestamp_ms);
            w.str(header::STREAM_ID, id);
        };
        let limit = ("header", MAX_CHUNK_BYTES);
        self.write_within(limit, to, data_packet::STREAM_HEADER, &body, buf)
    }
}

fn or<'a>(text: &'a str, default: &'a str) -> &'a str {
    if text.is_empty() { default } else { text }
}

fn text_header(options: &StreamOptions<'_, '_>, w: &mut Writer<'_>) {
    use data_stream::text_header;
    for id in options.attached_stream_ids.iter().rev() {
        w.put_str(text_header::ATTACHED_STREAM_IDS, id);
    }
    w.str(text_header::REPLY_TO_STREAM_ID, options.reply_to_stream_id);
}

pub(in crate::data) fn attributes(tag: u32, attributes: &[(&str, &str)], w: &mut Writer<'_>) {
    for (key, value) in attributes.iter().rev() {
        w.fields(tag, |w| {
            w.str(attributes_entry::VALUE, value);
            w.str(attributes_entry::KEY, key);
        });
    }
}

/// Bytes of a chunk's frame that are neither content nor destinations, at most: tags and lengths, the
/// sequence, the index, the id.
const HEAD: usize = 72;

impl StreamWriter<'_> {
    /// Returns the id of the stream, for [`StreamOptions::attached_stream_ids`] of a text that it belongs to.
    pub fn id(&self) -> &str {
        core::str::from_utf8(&self.id).unwrap_or_default()
    }

    /// Makes a chunk of as much of `rest` as fits `buf` and a chunk, and takes that off `rest`: call it until
    /// `rest` is empty. A text is cut between characters.
    ///
    /// # Errors
    /// [`SendError::StreamLength`] if that is more than [`StreamOptions::total_length`];
    /// [`SendError::BufferTooSmall`] for a buffer without space for a character.
    #[inline(never)]
    pub fn write<'b, K: Keep, E: Encryption>(
        &mut self,
        local: &mut LocalParticipant<K, E>,
        rest: &mut &[u8],
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        let head = self.around(local);
        let space = buf.len().saturating_sub(head).min(MAX_CHUNK_BYTES);
        let mut len = rest.len().min(space);
        if self.is_text && len < rest.len() {
            // Back to where a character begins.
            while len > 0 && rest.get(len).is_some_and(|byte| byte & 0xc0 == 0x80) {
                len = len.saturating_sub(1);
            }
        }
        let (content, more) = rest.split_at_checked(len).unwrap_or_default();
        if content.is_empty() && !more.is_empty() {
            let needed = head.saturating_add(if self.is_text { 4 } else { 1 });
            return Err(SendError::BufferTooSmall { needed, available: buf.len() });
        }
        let frame =
            self.chunk(local, &|w| w.bytes(data_stream::chunk::CONTENT, content), len, buf)?;
        *rest = more;
        Ok(frame)
    }

    /// Makes a chunk whose content `fill` puts where it is sent from: no second buffer, no copy. `fill` gets
    /// the space and returns how many bytes it has put there; of a text, whole characters.
    ///
    /// # Errors
    /// As of [`write`](Self::write).
    pub fn write_in_place<'b, K: Keep, E: Encryption>(
        &mut self,
        local: &mut LocalParticipant<K, E>,
        buf: &'b mut [u8],
        fill: impl FnOnce(&mut [u8]) -> usize,
    ) -> Result<&'b [u8], SendError> {
        let (around, available) = (self.around(local), buf.len());
        let error = SendError::BufferTooSmall { needed: around.saturating_add(1), available };
        let tail = local.encryption.tail();
        let head = around.saturating_sub(tail);
        let end = available.saturating_sub(tail).min(head.saturating_add(MAX_CHUNK_BYTES));
        let space = buf.get_mut(head..end).filter(|space| !space.is_empty()).ok_or(error)?;
        let len = fill(space).min(space.len());
        // The frame ends where the content does, but for a tag of encryption.
        let buf = buf.get_mut(..around.saturating_add(len)).ok_or(error)?;
        self.chunk(local, &|w| w.bytes_in_place(data_stream::chunk::CONTENT, len), len, buf)
    }

    /// Ends the stream: complete if `reason` is empty, else it is aborted for that reason. `attributes` count
    /// over those of the header.
    ///
    /// # Errors
    /// [`SendError::StreamLength`] without a reason, before [`StreamOptions::total_length`] bytes are written.
    #[inline(always)] // moving the writer would take `memcpy`
    pub fn close<'b, K: Keep, E: Encryption>(
        self,
        local: &mut LocalParticipant<K, E>,
        reason: &str,
        attributes: &[(&str, &str)],
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        self.trailer(local, reason, attributes, buf)
    }

    #[inline(never)]
    fn trailer<'b, K: Keep, E: Encryption>(
        &self,
        local: &mut LocalParticipant<K, E>,
        reason: &str,
        attributes: &[(&str, &str)],
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        let written = self.written;
        if let Some(total) = self.total.filter(|total| reason.is_empty() && *total != written) {
            return Err(SendError::StreamLength { written, total });
        }
        let body = |w: &mut Writer<'_>| {
            use data_stream::trailer;
            self::attributes(trailer::ATTRIBUTES, attributes, w);
            w.str(trailer::REASON, reason);
            w.put_bytes(trailer::STREAM_ID, &self.id);
        };
        local.write(self.to, data_packet::STREAM_TRAILER, &body, buf)
    }

    /// Bytes of a frame that are not content, at most.
    fn around<K, E: Encryption>(&self, local: &LocalParticipant<K, E>) -> usize {
        let sum = const { HEAD + E::HEAD }.saturating_add(local.encryption.tail());
        self.to.iter().fold(sum, |sum, to| sum.saturating_add(to.len()).saturating_add(3))
    }

    #[inline(never)]
    fn chunk<'b, K: Keep, E: Encryption>(
        &mut self,
        local: &mut LocalParticipant<K, E>,
        content: &dyn Fn(&mut Writer<'_>),
        len: usize,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        let written = self.written.saturating_add(len as u32);
        if let Some(total) = self.total.filter(|total| written > *total) {
            return Err(SendError::StreamLength { written, total });
        }
        let body = |w: &mut Writer<'_>| {
            use data_stream::chunk;
            content(w);
            w.uint32(chunk::CHUNK_INDEX, self.next);
            w.put_bytes(chunk::STREAM_ID, &self.id);
        };
        let frame = local.write(self.to, data_packet::STREAM_CHUNK, &body, buf)?;
        (self.next, self.written) = (self.next.wrapping_add(1), written);
        Ok(frame)
    }
}
