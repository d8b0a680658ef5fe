//! Streams that are sent, a chunk at a turn.

use livekit_micro::data::{
    Caller, Channel, Encryption, LocalParticipant, Pending, SendError, StreamOptions, StreamWriter,
};
use serde_json::json;

use crate::bridge::Bridge;
use crate::command::{Form, Stream};
use crate::conversation::{Kept, random};
use crate::tell;

type Local<E> = LocalParticipant<Kept, E>;

pub struct Outgoing {
    /// `None` if no command waits for its end.
    command: Option<u64>,
    writer: StreamWriter<'static>,
    content: Vec<u8>,
    written: usize,
    reason: &'static str,
    trailer: Vec<(&'static str, &'static str)>,
    has_end: bool,
}

impl Outgoing {
    /// Sends the header. Returns `None` if there is nothing after it.
    pub fn open<E: Encryption>(
        command: u64,
        stream: Stream,
        mut content: Vec<u8>,
        local: &mut Local<E>,
        bridge: &mut Bridge,
        buf: &mut [u8],
    ) -> Option<Self> {
        // The writer borrows of the options for as long as the stream lives. A firmware has them in statics.
        let stream: &'static Stream = Box::leak(Box::new(stream));
        let to: Vec<&str> = stream.to.iter().map(String::as_str).collect();
        let attached: Vec<&str> = stream.attached.iter().map(String::as_str).collect();
        let options = StreamOptions {
            topic: &stream.topic,
            to: to.leak(),
            attributes: pairs(&stream.attributes).leak(),
            total_length: matches!(stream.form, Form::Whole | Form::Unfinished)
                .then_some(content.len() as u32),
            mime_type: &stream.mime,
            name: &stream.name,
            attached_stream_ids: attached.leak(),
            timestamp_ms: 1_764_000_000_000,
            ..StreamOptions::default()
        };
        let made = match (stream.form, stream.text) {
            (Form::Inline, true) => {
                let text = std::str::from_utf8(&content).expect("a text");
                local.send_text_inline(text, &options, random(), buf).map(|frame| (None, frame))
            }
            (Form::Inline, false) => local
                .send_bytes_inline(&content, &options, random(), buf)
                .map(|frame| (None, frame)),
            (_, true) => local
                .stream_text(&options, random(), buf)
                .map(|(writer, frame)| (Some(writer), frame)),
            (_, false) => local
                .stream_bytes(&options, random(), buf)
                .map(|(writer, frame)| (Some(writer), frame)),
        };
        match made {
            Ok((writer, frame)) => {
                bridge.send(Channel::Reliable, frame);
                if writer.is_none() {
                    tell::done(command, json!({}));
                }
                if !stream.reason.is_empty() || stream.form == Form::Unfinished {
                    content.truncate(content.len() / 2);
                }
                Some(Self {
                    command: Some(command),
                    writer: writer?,
                    content,
                    written: 0,
                    reason: &stream.reason,
                    trailer: pairs(&stream.trailer),
                    has_end: stream.form != Form::Unfinished,
                })
            }
            Err(error) => {
                tell::not_sent(command, error);
                None
            }
        }
    }

    /// The payload of a call.
    pub fn call(writer: StreamWriter<'static>, payload: &'static str) -> Self {
        let content = payload.as_bytes().to_vec();
        Self {
            command: None,
            writer,
            content,
            written: 0,
            reason: "",
            trailer: Vec::new(),
            has_end: true,
        }
    }

    /// Sends the header of a response.
    pub fn respond<E: Encryption>(
        caller: Pending,
        payload: String,
        local: &mut Local<E>,
        bridge: &mut Bridge,
        buf: &mut [u8],
    ) -> Self {
        // As in `open`.
        let caller: &'static Pending = Box::leak(Box::new(caller));
        let caller: &'static Caller<'static> = Box::leak(Box::new(caller.caller()));
        let made = local.stream_response(caller, Some(payload.len() as u32), random(), buf);
        let (writer, frame) = made.expect("the buffer takes any frame");
        bridge.send(Channel::Reliable, frame);
        Self::call(writer, payload.leak())
    }

    fn done(&self) {
        if let Some(command) = self.command {
            tell::done(command, json!({ "id": self.writer.id() }));
        }
    }

    /// Sends the next chunk, or the end; `None` after that.
    pub fn write<E: Encryption>(
        mut self,
        local: &mut Local<E>,
        bridge: &mut Bridge,
        buf: &mut [u8],
    ) -> Option<Self> {
        let mut rest = &self.content[self.written..];
        if rest.is_empty() && !self.has_end {
            self.done();
            return None;
        }
        let sent: Result<_, SendError> = if rest.is_empty() {
            self.writer
                .clone()
                .close(local, self.reason, &self.trailer, buf)
                .map(|frame| (frame, None))
        } else {
            self.writer.write(local, &mut rest, buf).map(|frame| (frame, Some(rest.len())))
        };
        match sent {
            Ok((frame, None)) => {
                bridge.send(Channel::Reliable, frame);
                self.done();
                None
            }
            Ok((frame, Some(left))) => {
                bridge.send(Channel::Reliable, frame);
                self.written = self.content.len() - left;
                Some(self)
            }
            Err(error) => {
                match self.command {
                    Some(command) => tell::not_sent(command, error),
                    None => panic!("{error}"),
                }
                None
            }
        }
    }
}

fn pairs(attributes: &std::collections::BTreeMap<String, String>) -> Vec<(&str, &str)> {
    attributes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}
