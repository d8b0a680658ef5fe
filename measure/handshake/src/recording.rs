//! How a recording is written down.

/// The recording.
pub static RECORDING: &[u8] = include_bytes!("recording.bin");

/// A recording that is read.
pub struct Recording<'r> {
    /// The device's certificate.
    pub certificate: &'r [u8],
    /// The answer to its offer.
    pub answer: &'r str,
    /// [`Device::sent`](crate::Device::sent) at the end.
    pub sent: u64,
    pub turns: Turns<'r>,
}

/// What is left of the turns.
pub struct Turns<'r>(&'r [u8]);

/// A turn of the device's loop.
pub struct Turn<'r> {
    pub now_ms: u64,
    /// What has arrived; empty if nothing has.
    pub datagram: &'r [u8],
}

impl<'r> Recording<'r> {
    /// Reads one; `None` if it is none.
    pub fn read(mut bytes: &'r [u8]) -> Option<Self> {
        let certificate = take(&mut bytes)?;
        let answer = core::str::from_utf8(take(&mut bytes)?).ok()?;
        let sent = u64::from_le_bytes(take(&mut bytes)?.try_into().ok()?);
        Some(Self { certificate, answer, sent, turns: Turns(bytes) })
    }
}

impl<'r> Iterator for Turns<'r> {
    type Item = Turn<'r>;

    fn next(&mut self) -> Option<Turn<'r>> {
        let (now_ms, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(Turn { now_ms: u32::from_le_bytes(*now_ms).into(), datagram: take(&mut self.0)? })
    }
}

/// Appends a part of a recording: certificate, answer, and what was sent, in this order.
pub fn put(recording: &mut impl Extend<u8>, part: &[u8]) {
    recording.extend((part.len() as u16).to_le_bytes());
    recording.extend(part.iter().copied());
}

/// Appends a turn.
pub fn put_turn(recording: &mut impl Extend<u8>, turn: &Turn) {
    recording.extend((turn.now_ms as u32).to_le_bytes());
    put(recording, turn.datagram);
}

fn take<'r>(bytes: &mut &'r [u8]) -> Option<&'r [u8]> {
    let (len, rest) = bytes.split_first_chunk()?;
    let part;
    (part, *bytes) = rest.split_at_checked(u16::from_le_bytes(*len).into())?;
    Some(part)
}
