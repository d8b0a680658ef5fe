//! Frames of a room's data channels over TCP, in place of a transport of the device's own.
//!
//! A bridge on a computer is the device's participant in the room; it knows nothing of what frames mean. Each frame
//! has its length in 4 bytes (little endian) and its channel in front.

use embassy_net::tcp::TcpSocket;
use embassy_time::{Duration, with_timeout};
use embedded_io_async::Write;
use livekit_micro::data::Channel;

use crate::{Connector, Failure, Tcp};

const RELIABLE: u8 = 1;
const LOSSY: u8 = 2;

/// The deadline for a frame to be written, and for the rest of one that has begun to arrive.
const FRAME: Duration = Duration::from_secs(5);

/// A connection to the bridge.
pub struct Bridge<'a> {
    socket: TcpSocket<'a>,
}

impl<'a> Bridge<'a> {
    pub async fn connect(tcp: &'a mut Tcp<'_>) -> Result<Self, Failure> {
        Ok(Self { socket: tcp.connect().await? })
    }

    /// Whether something has arrived.
    pub fn has_arrived(&self) -> bool {
        self.socket.can_recv()
    }

    /// Waits until something arrives, at most so many milliseconds.
    pub async fn wait(&self, at_most_ms: Option<u32>) {
        let arrives = self.socket.wait_read_ready();
        match at_most_ms {
            Some(ms) => _ = with_timeout(Duration::from_millis(ms.into()), arrives).await,
            None => arrives.await,
        }
    }

    /// Returns the channel and the length of the next frame, which [`read`](Self::read) reads.
    pub async fn next(&mut self) -> Result<(Channel, usize), Failure> {
        loop {
            self.wait(None).await;
            let mut head = [0; 5];
            self.read(&mut head).await?;
            let [a, b, c, d, kind] = head;
            let len = u32::from_le_bytes([a, b, c, d]) as usize;
            match kind {
                RELIABLE => return Ok((Channel::Reliable, len)),
                LOSSY => return Ok((Channel::Lossy, len)),
                _ => self.skip(len).await?, // what the bridge tells of participants
            }
        }
    }

    /// Fills `buf`.
    pub async fn read(&mut self, buf: &mut [u8]) -> Result<(), Failure> {
        let read = embedded_io_async::Read::read_exact(&mut self.socket, buf);
        crate::failure::joined(
            with_timeout(FRAME, async { read.await.map_err(|_| Failure::Lost) }).await,
        )
    }

    /// Receives the next frame that fits `buf`. Longer ones are skipped.
    pub async fn receive<'b>(&mut self, buf: &'b mut [u8]) -> Result<(Channel, &'b [u8]), Failure> {
        loop {
            let (channel, len) = self.next().await?;
            if len <= buf.len() {
                let frame = &mut buf[..len];
                self.read(frame).await?;
                return Ok((channel, frame));
            }
            defmt::warn!("skipped a frame of {=usize} bytes", len);
            self.skip(len).await?;
        }
    }

    async fn skip(&mut self, mut len: usize) -> Result<(), Failure> {
        let mut skipped = [0; 64];
        while len > 0 {
            let part = len.min(skipped.len());
            self.read(&mut skipped[..part]).await?;
            len -= part;
        }
        Ok(())
    }

    /// Sends a frame.
    pub async fn send(&mut self, channel: Channel, frame: &[u8]) -> Result<(), Failure> {
        let [a, b, c, d] = (frame.len() as u32).to_le_bytes();
        let kind = if channel == Channel::Reliable { RELIABLE } else { LOSSY };
        let written = async {
            self.socket.write_all(&[a, b, c, d, kind]).await?;
            self.socket.write_all(frame).await?;
            self.socket.flush().await
        };
        crate::failure::joined(
            with_timeout(FRAME, async { written.await.map_err(|_| Failure::Lost) }).await,
        )
    }
}
