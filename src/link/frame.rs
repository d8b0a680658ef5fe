//! Frames: a head, a piece of the stream, a checksum, in COBS.

use cobs::{CobsEncoder, DecodeResult, DecoderState};
use crc::{CRC_32_ISO_HDLC, Crc, NoTable};

/// Bytes of the stream that a frame carries at most.
pub(super) const MAX_PAYLOAD: usize = MAX_BODY - HEAD_BYTES - CRC_BYTES;
/// Bytes of a frame at most, as it travels: COBS adds two to so short a one, and there are two zeros.
pub(super) const MAX_FRAME_BYTES: usize = MAX_BODY + 4;
/// A body of up to 254 bytes costs the same in COBS, whatever is in it.
const MAX_BODY: usize = 254;
const HEAD_BYTES: usize = 11;
const CRC_BYTES: usize = 4;

/// Without a table, which would take 1 KB of flash: a line is slow.
static CRC: Crc<u32, NoTable> = Crc::<u32, NoTable>::new(&CRC_32_ISO_HDLC);

/// What a frame is for, beside the piece that it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The device begins anew.
    Open = 1,
    /// The bridge has begun anew.
    Opened = 2,
    /// A piece of the stream, or only an acknowledgement.
    Data = 3,
    /// The same, and what follows the acknowledged is to be sent again.
    Again = 4,
    /// The same, and it is to be answered.
    Ping = 5,
    /// The bridge does not know the connection.
    Reset = 6,
}

/// The head of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: Kind,
    /// Of the connection, chosen by the device.
    pub(super) id: u32,
    /// The number of the first byte that the frame carries: of the next one, if it carries none.
    pub(super) offset: u16,
    /// The number of the byte that its sender wants next.
    pub(super) ack: u16,
    /// How many bytes from there on its sender has space for.
    pub(super) window: u16,
}

impl Head {
    fn read(bytes: &[u8; HEAD_BYTES]) -> Option<Self> {
        let [kind, a, b, c, d, offset @ .., e, f, g, h] = *bytes;
        let kind = match kind {
            1 => Kind::Open,
            2 => Kind::Opened,
            3 => Kind::Data,
            4 => Kind::Again,
            5 => Kind::Ping,
            6 => Kind::Reset,
            _ => return None,
        };
        Some(Self {
            kind,
            id: u32::from_le_bytes([a, b, c, d]),
            offset: u16::from_le_bytes(offset),
            ack: u16::from_le_bytes([e, f]),
            window: u16::from_le_bytes([g, h]),
        })
    }

    fn bytes(&self) -> [u8; HEAD_BYTES] {
        let [a, b, c, d] = self.id.to_le_bytes();
        let [e, f] = self.offset.to_le_bytes();
        let ([g, h], [i, j]) = (self.ack.to_le_bytes(), self.window.to_le_bytes());
        [self.kind as u8, a, b, c, d, e, f, g, h, i, j]
    }
}

/// Writes a frame, with a payload of two pieces: its length. `None` if `out` is too small.
#[inline(never)]
pub(super) fn write(head: &Head, payload: (&[u8], &[u8]), out: &mut [u8]) -> Option<usize> {
    // What the line has made up before the first frame ends here.
    let is_first = matches!(head.kind, Kind::Open | Kind::Opened);
    if is_first {
        *out.first_mut()? = 0;
    }
    let space = out.get_mut(usize::from(is_first)..)?;
    let head = head.bytes();
    let mut crc = CRC.digest();
    let mut encoder = CobsEncoder::new(space);
    for piece in [&head[..], payload.0, payload.1] {
        // `CobsEncoder` looks at the byte before the end of a piece.
        if !piece.is_empty() {
            crc.update(piece);
            encoder.push(piece).ok()?;
        }
    }
    encoder.push(&crc.finalize().to_le_bytes()).ok()?;
    let end = encoder.finalize().wrapping_add(usize::from(is_first));
    *out.get_mut(end)? = 0;
    Some(end.wrapping_add(1))
}

/// Finds frames among received bytes.
pub(super) struct Deframer {
    state: DecoderState,
    body: [u8; MAX_BODY],
    len: usize,
    is_too_long: bool,
}

/// Bytes that were no frame.
pub(super) struct Garbled;

impl Deframer {
    pub(super) const fn new() -> Self {
        Self { state: DecoderState::Idle, body: [0; MAX_BODY], len: 0, is_too_long: false }
    }

    /// Takes bytes off `rest` until a frame ends: its head and how many bytes it carries.
    #[inline(never)]
    pub(super) fn feed(&mut self, rest: &mut &[u8]) -> Option<Result<(Head, usize), Garbled>> {
        while let Some((byte, others)) = rest.split_first() {
            *rest = others;
            match self.state.feed(*byte) {
                Ok(DecodeResult::DataStart) => (self.len, self.is_too_long) = (0, false),
                Ok(DecodeResult::DataContinue(byte)) => match self.body.get_mut(self.len) {
                    Some(place) => {
                        *place = byte;
                        self.len = self.len.wrapping_add(1);
                    }
                    None => self.is_too_long = true,
                },
                Ok(DecodeResult::NoData) => {}
                Ok(DecodeResult::DataComplete) => return Some(self.check().ok_or(Garbled)),
                Err(_) => return Some(Err(Garbled)),
            }
        }
        None
    }

    fn check(&self) -> Option<(Head, usize)> {
        let body = self.body.get(..self.len).filter(|_| !self.is_too_long)?;
        let (body, crc) = body.split_last_chunk::<CRC_BYTES>()?;
        let (head, payload) = body.split_first_chunk()?;
        let is_whole = CRC.checksum(body).to_le_bytes() == *crc;
        Head::read(head).filter(|_| is_whole).map(|head| (head, payload.len()))
    }

    /// What the last frame carried, from a byte on.
    pub(super) fn payload(&self, from: usize, to: usize) -> &[u8] {
        let (from, to) = (from.wrapping_add(HEAD_BYTES), to.wrapping_add(HEAD_BYTES));
        self.body.get(from..to).unwrap_or_default()
    }
}
