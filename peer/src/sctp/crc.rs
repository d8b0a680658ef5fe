//! CRC32c, the checksum of SCTP packets.

/// A running CRC32c (RFC 9260, appendix A): polynomial 1EDC6F41, bits reflected.
///
/// It goes through a table of 16 words, four bits at a time: 64 bytes of flash, about ten instructions a byte
/// on a Cortex-M3.
#[derive(Clone, Copy)]
pub(super) struct Crc32c(u32);

impl Crc32c {
    pub(super) const fn new() -> Self {
        Self(!0)
    }

    #[inline(never)]
    pub(super) fn update(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |crc, byte| nibble(nibble(crc ^ u32::from(*byte)))))
    }

    /// The checksum as it stands in a packet: with its lowest byte first.
    pub(super) const fn finish(self) -> [u8; 4] {
        (!self.0).to_le_bytes()
    }
}

/// The checksum of a packet, whose own checksum counts as 0 (RFC 9260, 6.8).
pub(super) fn of_packet(ports_and_tag: &[u8; 8], chunks: &[u8]) -> [u8; 4] {
    Crc32c::new().update(ports_and_tag).update(&[0; 4]).update(chunks).finish()
}

fn nibble(crc: u32) -> u32 {
    // There are 16 words for four bits, so `get` always finds one.
    let word = TABLE.get((crc & 15) as usize).copied().unwrap_or(0);
    (crc >> 4) ^ word
}

static TABLE: [u32; 16] = table();

const fn table() -> [u32; 16] {
    let mut table = [0; 16];
    let mut index = 0u32;
    let mut rest: &mut [u32] = &mut table;
    while let Some((word, others)) = rest.split_first_mut() {
        let mut crc = index;
        let mut bit = 0u8;
        while bit < 4 {
            crc = (crc >> 1) ^ if crc & 1 == 1 { 0x82f6_3b78 } else { 0 };
            bit = bit.wrapping_add(1);
        }
        *word = crc;
        index = index.wrapping_add(1);
        rest = others;
    }
    table
}
