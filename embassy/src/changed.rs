//! What tasks wait for.

use core::cell::{Cell, RefCell};
use core::future::poll_fn;
use core::task::Poll;

use embassy_sync::waitqueue::MultiWakerRegistration;

/// Wakes all tasks that wait, at each change. Some tasks more than there are places for are woken more often than needed.
pub(crate) struct Changed {
    count: Cell<u32>,
    wakers: RefCell<MultiWakerRegistration<4>>,
}

impl Changed {
    pub(crate) const fn new() -> Self {
        Self { count: Cell::new(0), wakers: RefCell::new(MultiWakerRegistration::new()) }
    }

    /// Something has changed.
    pub(crate) fn notify(&self) {
        self.count.set(self.count.get().wrapping_add(1));
        self.wakers.borrow_mut().wake();
    }

    /// How often something has changed.
    pub(crate) fn count(&self) -> u32 {
        self.count.get()
    }

    /// Waits until something has changed since the count was this.
    pub(crate) async fn since(&self, count: u32) {
        poll_fn(|context| {
            if self.count.get() != count {
                return Poll::Ready(());
            }
            self.wakers.borrow_mut().register(context.waker());
            Poll::Pending
        })
        .await;
    }
}
