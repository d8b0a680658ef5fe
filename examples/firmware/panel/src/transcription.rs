//! What an agent says and has heard, as text streams: each segment is shown as it comes.

use livekit_micro::data::{Closed, StreamPart, Topics};
use livekit_micro::{attributes, topics};

/// The streams that the panel wants.
pub struct Wanted;

impl Topics for Wanted {
    const TOPICS: &'static [&'static str] = &[topics::TRANSCRIPTION];
}

/// What is shown: a line of text for each of two streams.
#[derive(Default)]
pub struct Transcription {
    lines: [Line; 3],
}

/// A text of at most 128 bytes, whose beginning goes when it is longer.
#[derive(Default)]
struct Line {
    text: heapless::Vec<u8, 128>,
    is_final: bool,
}

impl Transcription {
    /// Takes a part of a stream. An agent's own speech comes as one stream, whose trailer says that it is final; what
    /// a user has said comes as a new stream for each interim result, which replaces the last one.
    pub fn take(&mut self, part: &StreamPart<'_>) {
        let line = &mut self.lines[part.stream.min(2)];
        if let Some(info) = part.opened {
            line.text.clear();
            let is_final = info.attributes().get(attributes::TRANSCRIPTION_FINAL);
            line.is_final = is_final == Some("true");
        }
        for byte in part.content {
            if line.text.push(*byte).is_err() {
                line.text.remove(0);
                let _ = line.text.push(*byte);
            }
        }
        match part.closed {
            Some(Closed::Complete { attributes }) => {
                let is_final = attributes.get(attributes::TRANSCRIPTION_FINAL);
                line.is_final |= is_final == Some("true");
                line.show();
            }
            Some(closed) => defmt::warn!("transcription: {}", closed),
            None => {}
        }
    }
}

impl Line {
    fn show(&self) {
        let text = str::from_utf8(&self.text).unwrap_or("(cut)");
        match self.is_final {
            true => defmt::info!("final: {=str}", text),
            false => defmt::info!("interim: {=str}", text),
        }
    }
}
