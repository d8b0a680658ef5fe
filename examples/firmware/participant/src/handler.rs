//! What the device does about events.

use defmt::{info, warn};
use livekit_micro::borrowed::participant_info::State as Presence;
use livekit_micro::data::{Event as Data, StreamPart};
use livekit_micro::participant::Event;
use livekit_micro_embassy::Handler;

use crate::alarm::Answer;
use crate::counters::add;
use crate::device::{Crypto, FILES, Plane};
use crate::state::State;

pub struct Panel<'s> {
    pub state: &'s State,
    pub answer: &'s Answer,
}

impl Handler<'static, Crypto, Plane> for Panel<'_> {
    fn event(&mut self, event: &Event<'_>) {
        let Self { state, answer } = self;
        answer.update(event);
        match event {
            Event::Connected => {
                // There may have been a connection before, that ended with its token.
                state.readings.set_away(false);
                state.log_stream.end();
                state.log.line(&["connected"]);
            }
            Event::Reconnecting { error } => {
                state.readings.set_away(true);
                warn!("reconnecting: {}", error);
            }
            Event::Reconnected { is_resumed, lost } => {
                state.readings.set_away(false);
                add(&state.counters.reconnected, 1);
                info!("reconnected, resumed {=bool}, {=u32} lost", is_resumed, lost);
                if !is_resumed {
                    state.log_stream.end();
                }
            }
            Event::Disconnected { reason, error } => {
                info!("disconnected: {}, {}", reason, error);
            }
            Event::Participant { info, .. } if info.state == Presence::Disconnected => {
                state.log_stream.left(info.identity);
            }
            Event::Data(data) => self.data(data),
            Event::TooLong { len, .. } => warn!("a packet of {=usize} bytes is too long", len),
            _ => {}
        }
    }
}

impl Panel<'_> {
    fn data(&self, data: &Data<'_>) {
        let Self { state, .. } = self;
        match data {
            Data::Data(data) => {
                add(&state.counters.packets, 1);
                let (from, topic, len) = (data.from, data.topic, data.payload.len());
                info!("{=str} [{=str}] {=usize} bytes", from, topic, len);
            }
            Data::Call(call) => state.methods.call(call, state),
            Data::Stream(part) => {
                add(&state.counters.streamed, part.content.len() as u32);
                match part.topic {
                    FILES => state.files.take(part),
                    _ => show(part),
                }
            }
            #[cfg(feature = "e2ee")]
            Data::Refused(refused) => crate::encryption::refused(refused),
            _ => {}
        }
    }
}

/// Shows what an agent says.
fn show(part: &StreamPart<'_>) {
    if let Ok(text) = part.text()
        && !text.is_empty()
    {
        info!("agent: {=str}", text);
    }
}
