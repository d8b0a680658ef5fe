//! Streams that are sent, a chunk at a turn.

use std::collections::BTreeMap;
use std::fmt::Display;

use livekit_micro::data::{Channel, Encryption, StreamOptions, StreamWriter};
use livekit_micro::participant::{DataPlane, SendError};
use serde_json::json;

use crate::command::{Form, Stream};
use crate::conversation::{Conversation, Member, random};
use crate::tell;

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
    pub fn open<const V2: bool, const DEFLATE: bool, E: Encryption>(
        command: u64,
        stream: &'static Stream,
        content: &[u8],
        member: &mut Member<V2, DEFLATE, E>,
        now_ms: u64,
    ) -> Result<Option<Self>, SendError>
    where
        Conversation<V2, DEFLATE, E>: DataPlane,
    {
        let to: Vec<&str> = stream.to.iter().map(String::as_str).collect();
        let attached: Vec<&str> = stream.attached.iter().map(String::as_str).collect();
        // The writer borrows of the options for as long as the stream lives. A firmware has them in statics.
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
        let writer = member.send(Channel::Reliable, now_ms, |session, buf| {
            let local = &mut session.local;
            Ok(match (stream.form, stream.text) {
                (Form::Inline, true) => {
                    let text = std::str::from_utf8(content).expect("a text");
                    (None, local.send_text_inline(text, &options, random(), buf)?)
                }
                (Form::Inline, false) => {
                    (None, local.send_bytes_inline(content, &options, random(), buf)?)
                }
                (_, true) => {
                    let (writer, frame) = local.stream_text(&options, random(), buf)?;
                    (Some(writer), frame)
                }
                (_, false) => {
                    let (writer, frame) = local.stream_bytes(&options, random(), buf)?;
                    (Some(writer), frame)
                }
            })
        })?;
        let Some(writer) = writer else {
            tell::done(command, json!({}));
            return Ok(None);
        };
        let is_half = !stream.reason.is_empty() || stream.form == Form::Unfinished;
        let len = if is_half { content.len() / 2 } else { content.len() };
        Ok(Some(Self {
            command: Some(command),
            writer,
            content: content[..len].to_vec(),
            written: 0,
            reason: &stream.reason,
            trailer: pairs(&stream.trailer),
            has_end: stream.form != Form::Unfinished,
        }))
    }

    /// The payload of a call, or of a response.
    pub fn payload(writer: StreamWriter<'static>, payload: &str) -> Self {
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

    /// Sends the next chunk, or the end; `false` after that.
    pub fn write<const V2: bool, const DEFLATE: bool, E: Encryption>(
        &mut self,
        member: &mut Member<V2, DEFLATE, E>,
        now_ms: u64,
    ) -> Result<bool, SendError>
    where
        Conversation<V2, DEFLATE, E>: DataPlane,
    {
        let mut rest = &self.content[self.written..];
        if !rest.is_empty() {
            member.send(Channel::Reliable, now_ms, |session, buf| {
                Ok(((), self.writer.write(&mut session.local, &mut rest, buf)?))
            })?;
            self.written = self.content.len() - rest.len();
            return Ok(true);
        }
        if self.has_end {
            let writer = self.writer.clone();
            member.send(Channel::Reliable, now_ms, |session, buf| {
                Ok(((), writer.close(&mut session.local, self.reason, &self.trailer, buf)?))
            })?;
        }
        if let Some(command) = self.command {
            tell::done(command, json!({ "id": self.writer.id() }));
        }
        Ok(false)
    }

    /// It is not sent to its end.
    pub fn failed(self, error: impl Display) {
        // Who calls or is called gets an error by a timeout.
        if let Some(command) = self.command {
            tell::not_sent(command, error);
        }
    }
}

fn pairs(attributes: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    attributes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}
