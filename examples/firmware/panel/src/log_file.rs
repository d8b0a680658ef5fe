//! A file that is sent as a byte stream, a chunk at a time.

use app::{Bridge, Failure};
use livekit_micro::data::{Channel, LocalParticipant, StreamOptions, StreamWriter};

/// Its bytes.
const LEN: u32 = 20_000;

/// A file of which not all is sent.
pub struct LogFile {
    writer: Option<StreamWriter<'static>>,
    sent: u32,
}

impl LogFile {
    /// Opens the stream. `random` becomes its id.
    pub async fn open(
        local: &mut LocalParticipant,
        bridge: &mut Bridge<'_>,
        random: [u8; 16],
        buf: &mut [u8],
    ) -> Result<Self, Failure> {
        let (topic, name, total_length) = ("log", "panel.log", Some(LEN));
        let options = StreamOptions { topic, name, total_length, ..StreamOptions::default() };
        let (writer, header) = local.stream_bytes(&options, random, buf)?;
        bridge.send(Channel::Reliable, header).await?;
        Ok(Self { writer: Some(writer), sent: 0 })
    }

    pub const fn is_open(&self) -> bool {
        self.writer.is_some()
    }

    /// Sends the next chunk, or the end. The content is put where it is sent from.
    pub async fn send(
        &mut self,
        local: &mut LocalParticipant,
        bridge: &mut Bridge<'_>,
        buf: &mut [u8],
    ) -> Result<(), Failure> {
        let sent = &mut self.sent;
        let frame = match &mut self.writer {
            Some(writer) if *sent < LEN => {
                writer.write_in_place(local, buf, |space| read(sent, space))?
            }
            writer => match writer.take() {
                Some(writer) => writer.close(local, "", &[], buf)?,
                None => return Ok(()),
            },
        };
        bridge.send(Channel::Reliable, frame).await
    }
}

/// Puts what follows of the file into `space`, as if from flash. Returns how many bytes.
fn read(sent: &mut u32, space: &mut [u8]) -> usize {
    let len = space.len().min((LEN - *sent) as usize);
    for (at, byte) in (*sent..LEN).zip(&mut *space) {
        *byte = b"0123456789abcdef"[at as usize % 16];
    }
    *sent += len as u32;
    len
}
