//! Readings, from the sensor to the room: kept until they are sent, over whatever happens to the connection.

use core::cell::{Cell, RefCell};

use app::reading;
use defmt::warn;
use embassy_futures::join::join;
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Timer};
use heapless::{Deque, String};
use livekit_micro::data::Data;
use livekit_micro_embassy::Room;

use crate::board;
use crate::connection::Page;
use crate::counters::{Counters, add};
use crate::device::{Crypto, Plane};
use crate::log::{digits, hex};
use crate::state::State;

/// How many readings wait while there is no connection, and how long each may be.
const ITEMS: usize = 16;
pub const BYTES: usize = 80;

pub struct Readings {
    interval_ms: Cell<u32>,
    queue: RefCell<Deque<(u32, String<BYTES>), ITEMS>>,
    pushed: Signal<NoopRawMutex, ()>,
    /// The newest one, in hundredths of a degree.
    pub newest: Cell<i32>,
    is_closed: Cell<bool>,
    is_away: Cell<bool>,
}

impl Readings {
    pub const fn new() -> Self {
        Self {
            interval_ms: Cell::new(0),
            queue: RefCell::new(Deque::new()),
            pushed: Signal::new(),
            newest: Cell::new(0),
            is_closed: Cell::new(false),
            is_away: Cell::new(false),
        }
    }

    /// Changes the interval, from the next reading on.
    pub fn set_interval(&self, interval_ms: u32) {
        self.interval_ms.set(interval_ms.max(1));
    }

    /// Keeps readings while the connection is being made again: sent now, they would be lost with it.
    pub fn set_away(&self, is_away: bool) {
        self.is_away.set(is_away);
        self.pushed.signal(());
    }

    /// Takes readings, as many as the provisioning says, and publishes them in order.
    pub async fn publish(
        &self,
        page: &Page,
        state: &State,
        room: &Room<'_, 'static, Crypto, Plane>,
    ) {
        let mut boot = [0; 4];
        board::entropy(&mut boot);
        let boot = u32::from_le_bytes(boot);
        state.log.line(&["boot ", &hex(boot), ", room ", page.room]);
        join(self.sample(boot, page, state), self.send(page.topic, state, room)).await;
    }

    async fn sample(&self, boot: u32, page: &Page, state: &State) {
        let mut n = 0;
        while page.count.is_none_or(|count| n < count) {
            n += 1;
            let celsius = reading::sample(n);
            self.newest.set(celsius);
            let mut text = String::new();
            match text.push_str(&reading::json(boot, n, celsius, page.name)) {
                Ok(()) => {
                    state.alarm.check(celsius, &text);
                    self.push(n, text, &state.counters);
                }
                Err(_) => warn!("reading {=u32} is too long", n),
            }
            Timer::after(Duration::from_millis(self.interval_ms.get().into())).await;
        }
        self.is_closed.set(true);
        self.pushed.signal(());
    }

    /// Keeps a reading; the oldest one makes way.
    fn push(&self, n: u32, text: String<BYTES>, counters: &Counters) {
        let mut queue = self.queue.borrow_mut();
        if queue.is_full()
            && let Some((dropped, _)) = queue.pop_front()
        {
            add(&counters.dropped, 1);
            warn!("reading {=u32} dropped, the queue is full ({=usize} waiting)", dropped, ITEMS);
        }
        let _ = queue.push_back((n, text)); // there is room now
        self.pushed.signal(());
    }

    async fn send(&self, topic: &str, state: &State, room: &Room<'_, 'static, Crypto, Plane>) {
        loop {
            if self.is_away.get() {
                self.pushed.wait().await;
                continue;
            }
            let next = self.queue.borrow_mut().pop_front();
            let Some((n, text)) = next else {
                if self.is_closed.get() {
                    return;
                }
                self.pushed.wait().await;
                continue;
            };
            let data = Data { payload: text.as_bytes(), topic, to: &[] };
            match room.publish_data(&data).await {
                Ok(()) => {
                    add(&state.counters.sent, 1);
                    state.log.line(&["reading ", &digits(n), " sent"]);
                }
                Err(error) => warn!("reading {=u32} not sent: {}", n, error),
            }
        }
    }
}
