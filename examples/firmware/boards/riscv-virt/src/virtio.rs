//! Ethernet by virtio-net, a device at the first of the machine's places for those with registers in memory: sections 4.2 and
//! 5.1 of virtio 1.2.

use core::task::Context;

use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState, RxToken, TxToken};
use embassy_sync::waitqueue::AtomicWaker;
use static_cell::ConstStaticCell;

use crate::register::Register;
use crate::virtqueue::{FRAME_BYTES, Virtqueue};

/// Its number at the interrupt controller.
pub const INTERRUPT: usize = 1;

/// Frames that arrive before the first of them is read.
type Receiving = Virtqueue<4>;
/// One frame at a time: the device copies it at once.
type Sending = Virtqueue<1>;

static WAKER: AtomicWaker = AtomicWaker::new();

/// The machine's Ethernet.
pub struct Ethernet {
    address: [u8; 6],
    receiving: &'static Receiving,
    sending: &'static Sending,
}

impl Ethernet {
    /// Returns `None` if it was called before, or if QEMU has no virtio-net there.
    pub(crate) fn new() -> Option<Self> {
        static QUEUES: ConstStaticCell<(Receiving, Sending)> =
            ConstStaticCell::new((Receiving::new(), Sending::new()));

        let found = [MAGIC.read(), VERSION.read(), DEVICE_ID.read()];
        if found != [MAGIC_VIRT, VERSION_1, DEVICE_ID_NET] {
            return None;
        }
        let (receiving, sending) = &*QUEUES.try_take()?;

        STATUS.write(STATUS_RESET);
        let mut status = STATUS_ACKNOWLEDGE | STATUS_DRIVER;
        STATUS.write(status);
        for (half, wanted) in FEATURES.into_iter().enumerate() {
            DRIVER_FEATURES_SEL.write(half as u32);
            DRIVER_FEATURES.write(wanted);
        }
        status |= STATUS_FEATURES_OK;
        STATUS.write(status);
        if STATUS.read() & STATUS_FEATURES_OK == 0 {
            return None;
        }
        receiving.offer_all();
        set_queue(RECEIVE_QUEUE, receiving);
        set_queue(TRANSMIT_QUEUE, sending);
        STATUS.write(status | STATUS_DRIVER_OK);
        notify(RECEIVE_QUEUE);
        Some(Self { address: CONFIG_MAC.map(Register::read), receiving, sending })
    }

    /// Whether the frame before has been sent. If not, the interrupt wakes the task when it has.
    fn can_send(&self) -> bool {
        self.sending.is_idle()
    }
}

impl Driver for Ethernet {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = Space<'a>;

    fn receive(&mut self, context: &mut Context) -> Option<(Received<'_>, Space<'_>)> {
        // Before the queues are looked at, so that what comes later wakes.
        WAKER.register(context.waker());
        let is_ready = self.receiving.has_used() && self.can_send();
        is_ready.then_some((Received(self.receiving), Space(self.sending)))
    }

    fn transmit(&mut self, context: &mut Context) -> Option<Space<'_>> {
        WAKER.register(context.waker());
        self.can_send().then_some(Space(self.sending))
    }

    fn link_state(&mut self, context: &mut Context) -> LinkState {
        WAKER.register(context.waker());
        if CONFIG_STATUS.read() & CONFIG_STATUS_LINK_UP == 0 {
            LinkState::Down
        } else {
            LinkState::Up
        }
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

/// A frame that has arrived.
pub struct Received<'a>(&'a Receiving);

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, read: F) -> R {
        let Some((index, len)) = self.0.take() else {
            return read(&mut []);
        };
        // SAFETY: the device gave it back, and it is this token's until it is offered again.
        let result = read(unsafe { self.0.frame(index, len) });
        self.0.offer(index, FRAME_BYTES);
        notify(RECEIVE_QUEUE);
        result
    }
}

/// Space for a frame.
pub struct Space<'a>(&'a Sending);

impl TxToken for Space<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, write: F) -> R {
        // SAFETY: the device has given the only buffer back, and there is one token at a time.
        let result = write(unsafe { self.0.frame(0, len) });
        self.0.offer(0, len);
        notify(TRANSMIT_QUEUE);
        result
    }
}

/// Handles the interrupt: a frame has arrived or was sent, or the link has changed.
pub(crate) fn interrupt() {
    INTERRUPT_ACK.write(INTERRUPT_STATUS.read());
    WAKER.wake();
}

/// Tells the device where a queue is.
fn set_queue<const N: usize>(number: u32, queue: &'static Virtqueue<N>) {
    QUEUE_SEL.write(number);
    QUEUE_NUM.write(N as u32);
    for (registers, address) in
        [QUEUE_DESC, QUEUE_DRIVER, QUEUE_DEVICE].into_iter().zip(queue.addresses())
    {
        let [low, high] = registers;
        low.write(address);
        high.write(0);
    }
    QUEUE_READY.write(1);
}

/// Tells the device that a queue has available buffers.
fn notify(queue: u32) {
    riscv::asm::fence(); // what was written to memory comes before
    QUEUE_NOTIFY.write(queue);
}

// The registers, by the names of the specification.

const BASE: usize = 0x1000_1000;

const MAGIC: Register = Register::at(BASE);
const VERSION: Register = Register::at(BASE + 0x04);
const DEVICE_ID: Register = Register::at(BASE + 0x08);
const DRIVER_FEATURES: Register = Register::at(BASE + 0x20);
const DRIVER_FEATURES_SEL: Register = Register::at(BASE + 0x24);
const QUEUE_SEL: Register = Register::at(BASE + 0x30);
const QUEUE_NUM: Register = Register::at(BASE + 0x38);
const QUEUE_READY: Register = Register::at(BASE + 0x44);
const QUEUE_NOTIFY: Register = Register::at(BASE + 0x50);
const INTERRUPT_STATUS: Register = Register::at(BASE + 0x60);
const INTERRUPT_ACK: Register = Register::at(BASE + 0x64);
const STATUS: Register = Register::at(BASE + 0x70);
const QUEUE_DESC: [Register; 2] = [Register::at(BASE + 0x80), Register::at(BASE + 0x84)];
const QUEUE_DRIVER: [Register; 2] = [Register::at(BASE + 0x90), Register::at(BASE + 0x94)];
const QUEUE_DEVICE: [Register; 2] = [Register::at(BASE + 0xa0), Register::at(BASE + 0xa4)];
const CONFIG_MAC: [Register<u8>; 6] = [
    Register::at(BASE + 0x100),
    Register::at(BASE + 0x101),
    Register::at(BASE + 0x102),
    Register::at(BASE + 0x103),
    Register::at(BASE + 0x104),
    Register::at(BASE + 0x105),
];
const CONFIG_STATUS: Register<u16> = Register::at(BASE + 0x106);

const MAGIC_VIRT: u32 = 0x7472_6976;
/// The registers of virtio 1.0 and later, which QEMU has by `-global virtio-mmio.force-legacy=false`.
const VERSION_1: u32 = 2;
const DEVICE_ID_NET: u32 = 1;
const STATUS_RESET: u32 = 0;
const STATUS_ACKNOWLEDGE: u32 = 1;
const STATUS_DRIVER: u32 = 1 << 1;
const STATUS_DRIVER_OK: u32 = 1 << 2;
const STATUS_FEATURES_OK: u32 = 1 << 3;
/// The lower half: an address, and whether the link is up. The upper half: virtio 1.0.
const FEATURES: [u32; 2] = [1 << 5 | 1 << 16, 1];
const CONFIG_STATUS_LINK_UP: u16 = 1;
const RECEIVE_QUEUE: u32 = 0;
const TRANSMIT_QUEUE: u32 = 1;
