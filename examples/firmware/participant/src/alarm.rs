//! Calls the operator when it becomes too warm.

use core::cell::Cell;
use core::convert::Infallible;

use defmt::warn;
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::signal::Signal;
use heapless::String;
use livekit_micro::data::PerformRpc;
use livekit_micro_embassy::{Answers, CallError, Room};

use crate::counters::{Counters, add};
use crate::device::{Crypto, Plane};
use crate::log::{Log, digits};
use crate::readings::BYTES;

/// Too warm, in hundredths of a degree, and warm no more: so that one reading about the limit is one alarm.
const ABOVE: i32 = 2400;
const BELOW: i32 = 2350;

/// Whether there is an alarm, and the reading that is to be told.
pub struct Alarm {
    is_on: Cell<bool>,
    reading: Signal<NoopRawMutex, String<BYTES>>,
}

/// The answer to the call, of up to 64 bytes. Not in the state: it is not zero at the start.
pub type Answer = Answers<1, 64>;

impl Alarm {
    pub const fn new() -> Self {
        Self { is_on: Cell::new(false), reading: Signal::new() }
    }

    /// Takes a reading.
    pub fn check(&self, celsius: i32, reading: &String<BYTES>) {
        if celsius > ABOVE && !self.is_on.replace(true) {
            self.reading.signal(reading.clone());
        } else if celsius < BELOW {
            self.is_on.set(false);
        }
    }

    /// Calls the method `alarm` of the participant `to` with each reading that begins an alarm.
    pub async fn tell(
        &self,
        to: &str,
        log: &Log,
        counters: &Counters,
        answer: &Answer,
        room: &Room<'_, 'static, Crypto, Plane>,
    ) -> Infallible {
        loop {
            let reading = self.reading.wait().await;
            if to.is_empty() {
                continue;
            }
            let call = PerformRpc {
                destination_identity: to,
                method: "alarm",
                payload: &reading,
                ..PerformRpc::default()
            };
            let result = room.perform_rpc(&call, answer).await;
            add(if result.is_ok() { &counters.answered } else { &counters.unanswered }, 1);
            match result {
                Ok(text) => log.line(&["alarm: ", &text]),
                Err(CallError::Failed { code, message }) => {
                    log.line(&["alarm: error ", &digits(code.0), ", ", &message]);
                }
                Err(error) => warn!("alarm: {}", error),
            }
        }
    }
}
