//! Streams that are received: of their content only length and hash are kept, but for payloads of calls.

use std::collections::BTreeMap;

use livekit_micro::borrowed::data_stream::header::ContentHeader;
use livekit_micro::data::{
    Attributes, CallId, Closed, INFLATE_WINDOW_BYTES, Inflater, Invocation, Pending, StreamInfo,
    StreamPart, Topics as _,
};
use serde_json::{Value, json};

use crate::conversation::{STREAMS, Wanted};
use crate::tell::{self, Content};

/// The streams by their index; the last place is for those that were never open.
pub struct Receiving<const V2: bool>([Option<Stream>; STREAMS + 1]);

impl<const V2: bool> Default for Receiving<V2> {
    fn default() -> Self {
        Self([const { None }; STREAMS + 1])
    }
}

/// What a stream of RPC was.
pub enum Ended {
    Call(Call),
    /// A call whose payload is not whole.
    Broken(Pending),
    /// With the response, or why it is not whole.
    Answer(CallId, Result<Content, String>),
}

/// A call whose payload was a stream.
pub struct Call {
    caller: Pending,
    method: String,
    payload: Vec<u8>,
}

impl Call {
    pub fn invocation(&self) -> Invocation<'_> {
        Invocation {
            caller: self.caller.caller(),
            method: &self.method,
            payload: std::str::from_utf8(&self.payload).expect("a payload is text"),
            response_timeout_ms: 0,
        }
    }
}

struct Stream {
    inflater: Option<Inflater<'static>>,
    /// Bytes that have come, compressed or not.
    received: usize,
    /// Why it cannot be decompressed, or empty.
    error: String,
    header: Value,
    attributes: BTreeMap<String, String>,
    content: Content,
    call: Option<Call>,
    response_to: Option<CallId>,
}

impl<const V2: bool> Receiving<V2> {
    /// Returns what has ended, if it was not an ordinary stream.
    pub fn part(&mut self, part: &StreamPart<'_>) -> Option<Ended> {
        let place = &mut self.0[part.stream];
        if let Some(info) = &part.opened {
            assert!(place.is_none(), "two streams have the index {}", part.stream);
            *place = Some(Stream::open(info));
        }
        let stream = place.as_mut().expect("a stream begins with its header");
        assert_eq!(part.offset as usize, stream.received, "parts follow each other");
        stream.take(part.content);
        let closed = part.closed?;
        let mut stream = place.take().expect("a stream that is open");
        let error = stream.close(&closed);
        if let Some(call) = stream.response_to {
            return Some(Ended::Answer(
                call,
                if error.is_empty() { Ok(stream.content) } else { Err(error) },
            ));
        }
        // The session has refused a call whose stream it did not open.
        let is_refused = part.opened.is_some() && matches!(closed, Closed::Failed(_));
        if let Some(call) = stream.call.filter(|_| !is_refused) {
            return Some(if error.is_empty() {
                Ended::Call(call)
            } else {
                Ended::Broken(call.caller)
            });
        }
        stream.header["topic"] = Wanted::<V2, false>::TOPICS[part.topic].into();
        stream.header["attributes"] = json!(stream.attributes);
        stream.header["content"] = stream.content.tell();
        stream.header["error"] = error.into();
        tell::event("stream", stream.header);
        None
    }
}

impl Stream {
    fn take(&mut self, content: &[u8]) {
        self.received += content.len();
        let Self { content: kept, call, .. } = self;
        let mut keep = |piece: &[u8]| {
            kept.add(piece);
            if let Some(call) = call {
                call.payload.extend_from_slice(piece);
            }
        };
        match &mut self.inflater {
            Some(inflater) => {
                if let (true, Err(error)) = (self.error.is_empty(), inflater.push(content, keep)) {
                    self.error = error.to_string();
                }
            }
            None => keep(content),
        }
    }

    fn open(info: &StreamInfo<'_>) -> Self {
        let header = info.header().expect("the session has read it");
        let (mut name, mut attached) = ("", Vec::new());
        match header.content_header {
            Some(ContentHeader::ByteHeader(bytes)) => {
                name = bytes.read().map_or("", |bytes| bytes.name);
            }
            Some(ContentHeader::TextHeader(text)) => {
                let text = text.read().expect("a header");
                attached = text.attached_stream_ids.iter().collect();
            }
            _ => {}
        }
        let (from, text, total, mime) =
            (info.from, info.is_text, info.total_length, header.mime_type);
        let call = info.invocation().map(|call| Call {
            caller: call.caller.keep().expect("identities are short"),
            method: call.method.to_owned(),
            payload: Vec::new(),
        });
        let inflater = info.is_compressed.then(|| {
            // A firmware has it in a static.
            let mut inflater = Inflater::new(Box::leak(Box::new([0; INFLATE_WINDOW_BYTES])));
            inflater.start(info, u32::MAX);
            inflater
        });
        let compressed = info.is_compressed;
        let mut stream = Self {
            inflater,
            received: 0,
            error: String::new(),
            header: json!({ "from": from, "text": text, "total": total, "mime": mime, "name": name, "id": header.stream_id, "attached": attached, "compressed": compressed }),
            attributes: BTreeMap::new(),
            content: Content::default(),
            call,
            response_to: info.response_to,
        };
        stream.merge(info.attributes());
        stream
    }

    /// Returns why it failed, or an empty text.
    fn close(&mut self, closed: &Closed<'_>) -> String {
        match closed {
            Closed::Complete { attributes } => {
                self.merge(*attributes);
                if let (true, Some(Err(error))) =
                    (self.error.is_empty(), self.inflater.as_ref().map(Inflater::finish))
                {
                    self.error = error.to_string();
                }
                self.error.clone()
            }
            Closed::Aborted { reason, attributes } => {
                self.merge(*attributes);
                format!("aborted: {reason}")
            }
            Closed::Failed(error) => format!("{error:?}"),
            _ => panic!("an end that this program does not know"),
        }
    }

    fn merge(&mut self, attributes: Attributes<'_>) {
        self.attributes
            .extend(attributes.iter().map(|(key, value)| (key.to_owned(), value.to_owned())));
    }
}
