//! What the device does about events.

use app::reading;
use defmt::{info, warn};
use heapless::String;
use livekit_micro::RpcCode;
use livekit_micro::data::{Event as Data, Invocation, Pending, RpcError};
use livekit_micro::participant::Event;
use livekit_micro_embassy::Handler;

use crate::device::{Crypto, Device, Plane};
use crate::readings::Readings;

pub struct Panel<'r> {
    readings: &'r Readings,
    /// Who is to be answered, and with what.
    answer: Option<(Pending, Result<String<32>, RpcError<'static>>)>,
    packets: u32,
    calls: u32,
    streamed: u32,
    reconnected: u32,
}

impl<'r> Panel<'r> {
    pub fn new(readings: &'r Readings) -> Self {
        Self { readings, answer: None, packets: 0, calls: 0, streamed: 0, reconnected: 0 }
    }

    /// What the device counted.
    pub fn report(&self) {
        info!(
            "done: sent {=u32}, dropped {=u32}, packets {=u32}, calls {=u32}, streamed {=u32}, reconnected {=u32}",
            self.readings.sent.get(),
            self.readings.dropped.get(),
            self.packets,
            self.calls,
            self.streamed,
            self.reconnected
        );
    }

    /// The methods of the device.
    fn call(&mut self, call: &Invocation<'_>) {
        self.calls += 1;
        info!("{=str} calls {=str}", call.caller.identity, call.method);
        let mut text = String::new();
        let result = match (call.method, call.payload.parse::<u32>()) {
            ("read", _) => {
                let celsius = self.readings.newest.get().unsigned_abs();
                reading::number(&mut text, celsius / 100, 10, 1);
                reading::add(&mut text, ".");
                reading::number(&mut text, celsius % 100, 10, 2);
                Ok(text)
            }
            ("set_interval", Ok(interval_ms)) => {
                self.readings.set_interval(interval_ms);
                Ok(text)
            }
            ("set_interval", Err(_)) => {
                Err(RpcError::new(RpcCode(2000), "the payload is no number of milliseconds"))
            }
            _ => Err(RpcError::UNSUPPORTED_METHOD),
        };
        self.answer = call.caller.keep().map(|caller| (caller, result));
    }
}

impl Handler<'static, Crypto, Plane> for Panel<'_> {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Connected => info!("connected"),
            Event::Reconnecting { error } => {
                self.readings.set_away(true);
                warn!("reconnecting: {}", error);
            }
            Event::Reconnected { is_resumed, lost } => {
                self.readings.set_away(false);
                self.reconnected += 1;
                info!("reconnected, resumed {=bool}, {=u32} lost", is_resumed, lost);
            }
            Event::Disconnected { reason, error } => {
                info!("disconnected: {}, {}", reason, error);
            }
            Event::Data(Data::Data(data)) => {
                self.packets += 1;
                info!("{=str} [{=str}] {=usize} bytes", data.from, data.topic, data.payload.len());
            }
            Event::Data(Data::Call(call)) => self.call(call),
            Event::Data(Data::Stream(part)) => {
                self.streamed += part.content.len() as u32;
                if let Ok(text) = part.text()
                    && !text.is_empty()
                {
                    info!("agent: {=str}", text);
                }
            }
            Event::TooLong { len, .. } => warn!("a packet of {=usize} bytes is too long", len),
            _ => {}
        }
    }

    fn answer(&mut self, device: &mut Device, now_ms: u64) {
        let Some((caller, result)) = self.answer.take() else { return };
        let result = result.as_ref().map(String::as_str).map_err(|error| *error);
        if let Err(error) = device.respond(&caller.caller(), result, now_ms) {
            warn!("not answered: {}", error);
        }
    }
}
