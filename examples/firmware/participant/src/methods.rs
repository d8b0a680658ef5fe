//! The methods of the device, which others call by RPC.
//!
//! | method | payload | response |
//! |---|---|---|
//! | `read` | | the newest reading, in degrees |
//! | `set_interval` | milliseconds | |
//! | `log` | | and a text stream of topic `log`: lines as they come |
//! | `log` | a number of bytes | and a text stream of so many, to measure with |
//! | `counters` | | the counters, in JSON |
//! | `received` | | length and CRC-32 of the last file, in JSON |

use core::cell::RefCell;
use core::convert::Infallible;

use app::reading;
use defmt::warn;
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::signal::Signal;
use heapless::{Deque, String};
use livekit_micro::RpcCode;
use livekit_micro::data::{Invocation, Pending, RpcError};
use livekit_micro_embassy::Room;

use crate::counters::add;
use crate::device::{Crypto, Plane};
use crate::log_stream::{MOST, Request};
use crate::state::State;

/// What is answered. Its text is made when there is space to send it.
enum Reply {
    Nothing,
    Reading,
    Counters,
    Received,
    Error(RpcError<'static>),
}

/// Calls that wait for their answers, which wait for space.
pub struct Methods {
    queue: RefCell<Deque<(Pending, Reply), 3>>,
    called: Signal<NoopRawMutex, ()>,
}

impl Methods {
    pub const fn new() -> Self {
        Self { queue: RefCell::new(Deque::new()), called: Signal::new() }
    }

    /// Takes a call.
    pub fn call(&self, call: &Invocation<'_>, state: &State) {
        add(&state.counters.calls, 1);
        state.log.line(&[call.caller.identity, " calls ", call.method]);
        let reply = act(call, state);
        let kept = call.caller.keep().map(|caller| (caller, reply));
        let is_kept = kept.is_some_and(|kept| self.queue.borrow_mut().push_back(kept).is_ok());
        if !is_kept {
            warn!("not answered: the identity is too long, or too many calls wait");
        }
        self.called.signal(());
    }

    /// Answers calls, in order.
    pub async fn answer(
        &self,
        state: &State,
        room: &Room<'_, 'static, Crypto, Plane>,
    ) -> Infallible {
        loop {
            let next = self.queue.borrow_mut().pop_front();
            let Some((caller, reply)) = next else {
                self.called.wait().await;
                continue;
            };
            let mut text = String::<256>::new();
            let result = match reply {
                Reply::Error(error) => Err(error),
                reply => {
                    write(&reply, state, &mut text);
                    Ok(text.as_str())
                }
            };
            if let Err(error) = room.respond(&caller.caller(), result).await {
                warn!("not answered: {}", error);
            }
        }
    }
}

/// Does what is called for.
fn act(call: &Invocation<'_>, state: &State) -> Reply {
    let number = call.payload.parse::<u32>();
    match (call.method, number) {
        ("read", _) => Reply::Reading,
        ("counters", _) => Reply::Counters,
        ("received", _) => Reply::Received,
        ("set_interval", Ok(interval_ms)) => {
            state.readings.set_interval(interval_ms);
            Reply::Nothing
        }
        ("set_interval", Err(_)) => Reply::Error(RpcError::new(
            RpcCode(2000),
            "the payload is not a number of milliseconds",
        )),
        ("log", bytes) => {
            let bytes = if call.payload.is_empty() { Ok(0) } else { bytes };
            match (String::try_from(call.caller.identity), bytes) {
                (Ok(to), Ok(bytes @ 0..=MOST)) => {
                    state.log_stream.want(Request { to, bytes });
                    Reply::Nothing
                }
                _ => Reply::Error(RpcError::new(
                    RpcCode(2001),
                    "the payload is not a number of bytes up to 102400",
                )),
            }
        }
        _ => Reply::Error(RpcError::UNSUPPORTED_METHOD),
    }
}

fn write(reply: &Reply, state: &State, text: &mut String<256>) {
    match reply {
        Reply::Reading => {
            let celsius = state.readings.newest.get().unsigned_abs();
            reading::number(text, celsius / 100, 10, 1);
            reading::add(text, ".");
            reading::number(text, celsius % 100, 10, 2);
        }
        Reply::Counters => state.counters.json(text),
        Reply::Received => state.files.json(text),
        Reply::Nothing | Reply::Error(_) => {}
    }
}
