//! All that the device does, each in a file of its own, and what it keeps for that.

use embassy_futures::join::join3;
use embassy_futures::select::select;
use livekit_micro_embassy::Room;

use crate::alarm::{Alarm, Answer};
use crate::connection::Page;
use crate::counters::Counters;
use crate::device::{Crypto, Plane};
use crate::files::Files;
use crate::log::Log;
use crate::log_stream::LogStream;
use crate::methods::Methods;
use crate::readings::Readings;

/// Zeros at the start: one in a static takes no flash, and one in the future of a task would be on the stack before.
pub struct State {
    pub readings: Readings,
    pub alarm: Alarm,
    pub methods: Methods,
    pub files: Files,
    pub log: Log,
    pub log_stream: LogStream,
    pub counters: Counters,
}

impl State {
    pub const fn new() -> Self {
        Self {
            readings: Readings::new(),
            alarm: Alarm::new(),
            methods: Methods::new(),
            files: Files::new(),
            log: Log::new(),
            log_stream: LogStream::new(),
            counters: Counters::new(),
        }
    }

    /// Works in the room, until as many readings are sent as the provisioning says. Where several wait for space to
    /// send, the first of these has it first: a log is the last.
    pub async fn work(
        &self,
        page: &Page,
        answer: &Answer,
        room: &Room<'_, 'static, Crypto, Plane>,
    ) {
        let others = join3(
            self.methods.answer(self, room),
            self.alarm.tell(page.to, &self.log, &self.counters, answer, room),
            self.log_stream.serve(&self.log, &self.counters, room),
        );
        select(self.readings.publish(page, self, room), others).await;
    }
}
