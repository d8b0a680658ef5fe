//! The first UART: Arm's CMSDK APB UART, which holds one byte each way. An interrupt handler puts what arrives into a
//! buffer.

use core::convert::Infallible;
use core::future::poll_fn;
use core::task::Poll;

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::pipe::Pipe;
use embassy_sync::waitqueue::AtomicWaker;
use embedded_io_async::{ErrorType, Read, Write};

/// Its address on the board.
const BASE: usize = 0x4000_4000;
const DATA: usize = 0x0;
const STATE: usize = 0x4;
const CTRL: usize = 0x8;
const INTERRUPTS: usize = 0xc;
const BAUD_DIVISOR: usize = 0x10;
const SENDING: u32 = 1;
const RECEIVED: u32 = 1 << 1;
/// Both directions and the interrupts of both.
const CTRL_ON: u32 = 0xf;
const SENT: u32 = 1;
const ARRIVED: u32 = 1 << 1;

/// Bytes that may arrive while the firmware does something else.
const BUFFER_BYTES: usize = 1_024;

static BUFFER: Pipe<CriticalSectionRawMutex, BUFFER_BYTES> = Pipe::new();
static WAKER: AtomicWaker = AtomicWaker::new();

/// A serial line.
pub struct Uart;

/// What arrives on it.
pub struct UartReader(());

/// What is sent over it.
pub struct UartWriter(());

impl Uart {
    /// Starts the clock and the line, at a speed in baud. Called once.
    pub fn start(baud: u32) -> (UartReader, UartWriter) {
        emulated::start_clock(crate::CORE_HZ);
        write(BAUD_DIVISOR, crate::CORE_HZ / baud);
        write(CTRL, CTRL_ON);
        for interrupt in [Interrupt::Received, Interrupt::Sent] {
            // SAFETY: no critical section depends on its being masked.
            unsafe { NVIC::unmask(interrupt) };
        }
        (UartReader(()), UartWriter(()))
    }
}

impl ErrorType for UartReader {
    type Error = Infallible;
}

impl Read for UartReader {
    async fn read(&mut self, buf: &mut [u8]) -> Result<usize, Infallible> {
        Ok(BUFFER.read(buf).await)
    }
}

impl ErrorType for UartWriter {
    type Error = Infallible;
}

impl Write for UartWriter {
    async fn write(&mut self, buf: &[u8]) -> Result<usize, Infallible> {
        let Some(byte) = buf.first() else { return Ok(0) };
        poll_fn(|context| {
            WAKER.register(context.waker());
            if read(STATE) & SENDING == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        write(DATA, (*byte).into());
        Ok(1)
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Interrupt {
    Received = 0,
    Sent = 1,
}

// SAFETY: the numbers are those of the table of interrupts.
unsafe impl InterruptNumber for Interrupt {
    fn number(self) -> u16 {
        self as u16
    }
}

/// A byte has arrived. What the buffer has no space for is lost, as on any line.
pub unsafe extern "C" fn received() {
    write(INTERRUPTS, ARRIVED);
    while read(STATE) & RECEIVED != 0 {
        let [byte, ..] = read(DATA).to_le_bytes();
        let _ = BUFFER.try_write(&[byte]);
    }
}

/// A byte is sent.
pub unsafe extern "C" fn sent() {
    write(INTERRUPTS, SENT);
    WAKER.wake();
}

fn read(register: usize) -> u32 {
    // SAFETY: it is a register of the UART.
    unsafe { core::ptr::read_volatile((BASE + register) as *const u32) }
}

fn write(register: usize, value: u32) {
    // SAFETY: as above.
    unsafe { core::ptr::write_volatile((BASE + register) as *mut u32, value) }
}
