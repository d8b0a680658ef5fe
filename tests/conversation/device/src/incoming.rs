//! Streams that are received: only length and hash of their content are kept.

use std::collections::BTreeMap;

use livekit_micro::borrowed::data_stream::header::ContentHeader;
use livekit_micro::data::{Closed, StreamInfo, StreamPart, Topics as _};
use serde_json::{Value, json};

use crate::device::{STREAMS, Wanted};
use crate::tell::{self, Content};

/// The streams by their index; the last place is for those that were never open.
#[derive(Default)]
pub struct Receiving([Option<Stream>; STREAMS + 1]);

struct Stream {
    header: Value,
    attributes: BTreeMap<String, String>,
    content: Content,
}

impl Receiving {
    pub fn part(&mut self, part: &StreamPart<'_>) {
        let place = &mut self.0[part.stream];
        if let Some(info) = &part.opened {
            assert!(place.is_none(), "two streams have the index {}", part.stream);
            *place = Some(Stream::open(info));
        }
        let stream = place.as_mut().expect("a stream begins with its header");
        assert_eq!(part.offset as usize, stream.content.len(), "parts follow each other");
        stream.content.add(part.content);
        if let Some(closed) = part.closed {
            let mut stream = place.take().expect("a stream that is open");
            let error = stream.close(&closed);
            stream.header["topic"] = Wanted::TOPICS[part.topic].into();
            stream.header["attributes"] = json!(stream.attributes);
            stream.header["content"] = stream.content.tell();
            stream.header["error"] = error.into();
            tell::event("stream", stream.header);
        }
    }
}

impl Stream {
    fn open(info: &StreamInfo<'_>) -> Self {
        let header = info.header().expect("the session has read it");
        let name = match header.content_header {
            Some(ContentHeader::ByteHeader(bytes)) => bytes.read().map_or("", |bytes| bytes.name),
            _ => "",
        };
        let (from, text, total, mime) =
            (info.from, info.is_text, info.total_length, header.mime_type);
        let mut stream = Self {
            header: json!({ "from": from, "text": text, "total": total, "mime": mime, "name": name }),
            attributes: BTreeMap::new(),
            content: Content::default(),
        };
        stream.merge(info.attributes());
        stream
    }

    /// Returns why it failed, or an empty text.
    fn close(&mut self, closed: &Closed<'_>) -> String {
        match closed {
            Closed::Complete { attributes } => {
                self.merge(*attributes);
                String::new()
            }
            Closed::Aborted { reason, attributes } => {
                self.merge(*attributes);
                format!("aborted: {reason}")
            }
            Closed::Failed(error) => format!("{error:?}"),
            _ => panic!("an end that this program does not know"),
        }
    }

    fn merge(&mut self, attributes: livekit_micro::data::Attributes<'_>) {
        self.attributes
            .extend(attributes.iter().map(|(key, value)| (key.to_owned(), value.to_owned())));
    }
}
