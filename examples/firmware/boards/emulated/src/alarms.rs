//! The tasks that wait for a time.

use core::cell::RefCell;
use core::task::Waker;

use critical_section::Mutex;
use embassy_time_queue_utils::Queue;

/// Of the clock; there is one.
pub struct Alarms {
    queue: Mutex<RefCell<Queue>>,
}

impl Alarms {
    #[expect(clippy::new_without_default, reason = "a static has no default")]
    pub const fn new() -> Self {
        Self { queue: Mutex::new(RefCell::new(Queue::new())) }
    }

    /// Adds one. Returns `true` if it may be the next.
    pub fn add(&self, at: u64, waker: &Waker) -> bool {
        self.with_queue(|queue| queue.schedule_wake(at, waker)).unwrap_or_default()
    }

    /// Wakes all that are due. Returns the time of the next, [`u64::MAX`] if there is none.
    pub fn wake(&self, now: u64) -> u64 {
        self.with_queue(|queue| queue.next_expiration(now)).unwrap_or(u64::MAX)
    }

    /// Calls `act` with the queue. No `act` calls it again, so it is never borrowed already.
    fn with_queue<R>(&self, act: impl FnOnce(&mut Queue) -> R) -> Option<R> {
        critical_section::with(|cs| {
            let mut queue = self.queue.borrow(cs).try_borrow_mut().ok()?;
            Some(act(&mut queue))
        })
    }
}
