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

/// How often a device looks whether the bridge is still there.
const LOOK: u32 = 1_000;

/// What the bridge says when frames can be sent.
const OPEN: &[u8] = br#""open":"_reliable","ours":true"#;

impl<'a> Bridge<'a> {
    /// Connects, and waits until the bridge is in the room.
    pub async fn connect(tcp: &'a mut Tcp<'_>) -> Result<Self, Failure> {
        let mut bridge = Self { socket: tcp.connect().await? };
        loop {
            let (_, len) = bridge.head().await?;
            let mut news = [0; 128];
            let said = &mut news[..len.min(128)];
            bridge.read(said).await?;
            if said.windows(OPEN.len()).any(|it| it == OPEN) {
                return Ok(bridge);
            }
            bridge.skip(len.saturating_sub(128)).await?;
        }
    }

    /// Whether something has arrived, or the bridge has gone, of which the next call tells.
    pub fn has_arrived(&self) -> bool {
        self.socket.can_recv() || !self.socket.may_recv()
    }

    /// Waits until something arrives, at most so many milliseconds.
    pub async fn wait(&self, at_most_ms: Option<u32>) {
        // At most LOOK: embassy-net wakes no task when the other side closes the socket.
        let at_most = Duration::from_millis(at_most_ms.unwrap_or(LOOK).min(LOOK).into());
        let _ = with_timeout(at_most, self.socket.wait_read_ready()).await;
    }

    /// Returns the channel and the length of the next frame, which [`read`](Self::read) reads; `None` if there was
    /// something else.
    pub async fn next(&mut self) -> Result<Option<(Channel, usize)>, Failure> {
        match self.head().await? {
            (RELIABLE, len) => Ok(Some((Channel::Reliable, len))),
            (LOSSY, len) => Ok(Some((Channel::Lossy, len))),
            // What the bridge tells of participants.
            (_, len) => self.skip(len).await.map(|()| None),
        }
    }

    /// Reads what is in front of a frame, however long that takes to arrive.
    async fn head(&mut self) -> Result<(u8, usize), Failure> {
        let mut head = [0; 5];
        let read = self.socket.read(&mut head).await.map_err(|_| Failure::Lost)?;
        if read == 0 {
            return Err(Failure::Lost);
        }
        self.read(&mut head[read..]).await?;
        let [a, b, c, d, kind] = head;
        Ok((kind, u32::from_le_bytes([a, b, c, d]) as usize))
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
            let Some((channel, len)) = self.next().await? else { continue };
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
