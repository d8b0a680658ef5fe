//! One socket for a reader and a writer.

use core::cell::RefCell;
use core::future::{Future, poll_fn};
use core::pin::pin;

use embassy_net::tcp::{Error, TcpSocket};
use embedded_io_async::{ErrorType, Read, Write};

/// A socket that `TlsConnection::split` can give to both. What waits borrows it only while it is polled.
#[derive(Clone, Copy)]
pub(super) struct Half<'h, 's>(pub &'h RefCell<&'h mut TcpSocket<'s>>);

impl ErrorType for Half<'_, '_> {
    type Error = Error;
}

// The futures of a socket keep nothing from one poll to the next: each poll makes one.

impl Read for Half<'_, '_> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        poll_fn(|context| pin!(self.0.borrow_mut().read(buffer)).poll(context)).await
    }
}

impl Write for Half<'_, '_> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        poll_fn(|context| pin!(self.0.borrow_mut().write(bytes)).poll(context)).await
    }

    async fn flush(&mut self) -> Result<(), Error> {
        poll_fn(|context| pin!(self.0.borrow_mut().flush()).poll(context)).await
    }
}
