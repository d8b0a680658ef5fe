//! The connection that signalling goes over.

mod tcp;

pub use tcp::Tcp;
pub(crate) use tcp::TcpBuffers;

/// What a [`Runner`](crate::Runner) does with the connection to the server: [`Tcp`], or, with the feature `tls`, `Tls`.
#[allow(async_fn_in_trait)] // one executor runs all tasks: no future has to be `Send`
pub trait SignalConnection {
    /// Ends the connection, if there is one, and begins another. [`next`](Self::next) tells what becomes of it.
    async fn connect(&mut self);

    /// Waits until something happens. It hands what was received to `receive`, which takes all of it. It may be dropped.
    async fn next(&mut self, receive: impl FnOnce(&[u8])) -> Progress;

    /// Writes all of it. `false` if the connection is closed, or does not take it in time.
    async fn write(&mut self, bytes: &[u8]) -> bool;

    /// Ends the connection, after what was written. It does not wait for that.
    fn close(&mut self);

    /// Waits until the server has what was written, and that the connection is closed. It may be dropped.
    async fn flush(&mut self);
}

/// What has become of the connection to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is open.
    Opened,
    /// It is closed, or could not be opened.
    Closed,
    /// Bytes were received.
    Received,
}
