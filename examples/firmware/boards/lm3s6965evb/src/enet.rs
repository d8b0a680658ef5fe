//! Ethernet of the Stellaris LM3S6965: frames are read from and written to one register.
//!
//! QEMU emulates no PHY for it, so the link is always up: frames that are sent while the cable is out are
//! lost.

use core::task::Context;

use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState, RxToken, TxToken};
use embassy_sync::waitqueue::AtomicWaker;
use static_cell::ConstStaticCell;

/// The longest frame, without its checksum.
const FRAME_BYTES: usize = 1514;
/// Two bytes of length precede a frame. The length of a received frame includes them.
const LENGTH_BYTES: usize = 2;
const CHECKSUM_BYTES: usize = 4;
/// The length of a sent frame does not include its header.
const HEADER_BYTES: usize = 14;
/// In words.
const BUFFER_BYTES: usize = (LENGTH_BYTES + FRAME_BYTES + CHECKSUM_BYTES).next_multiple_of(4);

type Buffer = [u8; BUFFER_BYTES];

static WAKER: AtomicWaker = AtomicWaker::new();

/// The board's Ethernet.
pub struct Ethernet {
    address: [u8; 6],
    received: &'static mut Buffer,
    sent: &'static mut Buffer,
}

impl Ethernet {
    /// Returns `None` if it was called before.
    pub(crate) fn new() -> Option<Self> {
        // Constant: built at run time they would be built on the stack.
        static BUFFERS: ConstStaticCell<[Buffer; 2]> = ConstStaticCell::new([[0; BUFFER_BYTES]; 2]);
        let [received, sent] = BUFFERS.try_take()?;

        MACTCTL.write(MACTCTL_FULL_DUPLEX | MACTCTL_CHECKSUM | MACTCTL_PAD | MACTCTL_ON);
        MACRCTL.write(MACRCTL_REFUSE_DAMAGED | MACRCTL_ON);

        let [a, b, c, d] = MACIA0.read().to_le_bytes();
        let [e, f, ..] = MACIA1.read().to_le_bytes();
        Some(Self { address: [a, b, c, d, e, f], received, sent })
    }
}

impl Driver for Ethernet {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = Sending<'a>;

    fn receive(&mut self, context: &mut Context) -> Option<(Received<'_>, Sending<'_>)> {
        WAKER.register(context.waker());
        MACRIS.write(INTERRUPT); // before the FIFO is checked, so that a later frame interrupts again
        if MACNP.read() == 0 {
            MACIM.write(INTERRUPT);
            return None;
        }
        can_send(context).then_some((Received(self.received), Sending(self.sent)))
    }

    fn transmit(&mut self, context: &mut Context) -> Option<Sending<'_>> {
        can_send(context).then_some(Sending(self.sent))
    }

    fn link_state(&mut self, _: &mut Context) -> LinkState {
        LinkState::Up
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.max_transmission_unit = FRAME_BYTES;
        capabilities
    }

    fn hardware_address(&self) -> HardwareAddress {
        HardwareAddress::Ethernet(self.address)
    }
}

/// Returns `true` if the previous frame has been sent. If not, the task is woken to try again: the wait is
/// short.
fn can_send(context: &Context) -> bool {
    let can_send = MACTR.read() & MACTR_SENDING == 0;
    if !can_send {
        context.waker().wake_by_ref();
    }
    can_send
}

/// A frame in the receive FIFO.
pub struct Received<'a>(&'a mut Buffer);

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, read: F) -> R {
        let mut words = self.0.as_chunks_mut().0.iter_mut();
        let mut read_word = || {
            let word = MACDATA.read();
            if let Some(slot) = words.next() {
                *slot = word.to_le_bytes();
            }
            word
        };
        let len = (read_word() & 0xffff) as usize;
        for _ in 1..len.div_ceil(4) {
            read_word();
        }
        // A frame that is too long is passed on as an empty one, which smoltcp drops.
        let frame = LENGTH_BYTES..len.saturating_sub(CHECKSUM_BYTES);
        read(self.0.get_mut(frame).unwrap_or_default())
    }
}

/// A place in the transmit FIFO.
pub struct Sending<'a>(&'a mut Buffer);

impl TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, write: F) -> R {
        let end = LENGTH_BYTES + len;
        let result = write(self.0.get_mut(LENGTH_BYTES..end).unwrap_or_default());
        let [low, high] = (len.saturating_sub(HEADER_BYTES) as u16).to_le_bytes();
        [self.0[0], self.0[1]] = [low, high];
        for word in self.0.as_chunks().0.iter().take(end.div_ceil(4)) {
            MACDATA.write(u32::from_le_bytes(*word));
        }
        MACTR.write(MACTR_SENDING);
        result
    }
}

/// Handles the interrupt: a frame has arrived.
pub(crate) extern "C" fn interrupt() {
    MACIM.write(0);
    WAKER.wake();
}

// The registers, by the names of the data sheet.

const BASE: usize = 0x4004_8000;

const MACRIS: Register = Register(0x00);
const MACIM: Register = Register(0x04);
const MACRCTL: Register = Register(0x08);
const MACTCTL: Register = Register(0x0c);
const MACDATA: Register = Register(0x10);
const MACIA0: Register = Register(0x14);
const MACIA1: Register = Register(0x18);
const MACNP: Register = Register(0x34);
const MACTR: Register = Register(0x38);

/// A frame has arrived.
const INTERRUPT: u32 = 1;
const MACRCTL_REFUSE_DAMAGED: u32 = 1 << 3;
const MACRCTL_ON: u32 = 1;
const MACTCTL_FULL_DUPLEX: u32 = 1 << 4;
const MACTCTL_CHECKSUM: u32 = 1 << 2;
const MACTCTL_PAD: u32 = 1 << 1;
const MACTCTL_ON: u32 = 1;
const MACTR_SENDING: u32 = 1;

struct Register(usize);

impl Register {
    fn read(&self) -> u32 {
        // SAFETY: a register of the chip; nothing in memory changes with it.
        unsafe { ((BASE + self.0) as *const u32).read_volatile() }
    }

    fn write(&self, value: u32) {
        // SAFETY: as above.
        unsafe { ((BASE + self.0) as *mut u32).write_volatile(value) }
    }
}
