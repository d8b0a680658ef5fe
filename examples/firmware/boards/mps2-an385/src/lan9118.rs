//! Ethernet by a LAN9118: frames are read from and written to two FIFOs, a word at a time.
//!
//! Its only interrupt means that a frame has arrived or that the link has changed. It is then masked until
//! no frame is left.

mod registers;

use core::task::Context;

use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState, RxToken, TxToken};
use embassy_sync::waitqueue::AtomicWaker;
use static_cell::ConstStaticCell;

use registers::*;

/// The longest frame, without its checksum and with it.
const FRAME_BYTES: usize = 1514;
const CHECKED_BYTES: usize = FRAME_BYTES + 4;
/// In words.
const BUFFER_BYTES: usize = CHECKED_BYTES.next_multiple_of(4);

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

        HW_CFG.write(HW_CFG_MUST_BE_ONE | HW_CFG_SEND_5_KB);
        TX_CFG.write(TX_CFG_ON | TX_CFG_FORGET_STATUS);
        FIFO_INT.write(0); // one frame is enough to interrupt
        write_mac(MAC_CR, MAC_CR_RECEIVE | MAC_CR_SEND);
        write_phy(PHY_MASK, PHY_LINK_DOWN | PHY_NEGOTIATED);
        IRQ_CFG.write(IRQ_CFG_ON | IRQ_CFG_ACTIVE_HIGH | IRQ_CFG_PUSH_PULL);

        let [a, b, c, d] = read_mac(MAC_ADDRL).to_le_bytes();
        let [e, f, ..] = read_mac(MAC_ADDRH).to_le_bytes();
        Some(Self { address: [a, b, c, d, e, f], received, sent })
    }
}

impl Driver for Ethernet {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = Sending<'a>;

    fn receive(&mut self, context: &mut Context) -> Option<(Received<'_>, Sending<'_>)> {
        WAKER.register(context.waker());
        INT_STS.write(INTERRUPTS); // before the FIFO is checked, so that a later frame interrupts again
        if RX_FIFO_INF.read() & RX_FIFO_INF_FRAMES == 0 {
            INT_EN.write(INTERRUPTS);
            return None;
        }
        can_send(context).then_some((Received(self.received), Sending(self.sent)))
    }

    fn transmit(&mut self, context: &mut Context) -> Option<Sending<'_>> {
        can_send(context).then_some(Sending(self.sent))
    }

    fn link_state(&mut self, context: &mut Context) -> LinkState {
        WAKER.register(context.waker());
        read_phy(PHY_SOURCE); // which acknowledges its interrupt
        if read_phy(PHY_STATUS) & PHY_STATUS_LINK == 0 { LinkState::Down } else { LinkState::Up }
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

/// Returns `true` if a frame fits the FIFO. If not, the task is woken to try again: the wait is short.
fn can_send(context: &Context) -> bool {
    let can_send = (TX_FIFO_INF.read() & TX_FIFO_INF_FREE) as usize > BUFFER_BYTES + 8; // and two words of command
    if !can_send {
        context.waker().wake_by_ref();
    }
    can_send
}

/// A frame in the receive FIFO.
pub struct Received<'a>(&'a mut Buffer);

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, read: F) -> R {
        let status = RX_STATUS.read();
        let len = (status >> 16 & 0x3fff) as usize;
        let mut words = self.0.as_chunks_mut().0.iter_mut();
        for _ in 0..len.div_ceil(4) {
            let word = RX_DATA.read();
            if let Some(slot) = words.next() {
                *slot = word.to_le_bytes();
            }
        }
        // A damaged frame or one that is too long is passed on as an empty one, which smoltcp drops.
        let good = status & RX_STATUS_ERROR == 0 && len <= CHECKED_BYTES;
        let len = if good { len.saturating_sub(4) } else { 0 };
        read(self.0.get_mut(..len).unwrap_or_default())
    }
}

/// A place in the transmit FIFO.
pub struct Sending<'a>(&'a mut Buffer);

impl TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, write: F) -> R {
        let result = write(self.0.get_mut(..len).unwrap_or_default());
        TX_DATA.write(TX_FIRST | TX_LAST | len as u32);
        TX_DATA.write(len as u32);
        for word in self.0.as_chunks().0.iter().take(len.div_ceil(4)) {
            TX_DATA.write(u32::from_le_bytes(*word));
        }
        result
    }
}

/// Handles the interrupt: a frame has arrived, or the link has changed.
pub(crate) extern "C" fn interrupt() {
    INT_EN.write(0);
    WAKER.wake();
}
