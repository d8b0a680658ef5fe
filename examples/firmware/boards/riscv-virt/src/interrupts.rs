//! The interrupt controller, whose only interrupt is that of Ethernet; and exceptions.

use riscv::interrupt::Interrupt;
use riscv::register::{mcause, mepc};
use riscv_rt::{TrapFrame, core_interrupt};

use crate::register::Register;
use crate::virtio;

// The registers of the core in machine mode, by the names of the PLIC's specification.
const PRIORITY: Register = Register::at(0x0c00_0000 + 4 * virtio::INTERRUPT);
const ENABLE: Register = Register::at(0x0c00_2000);
const THRESHOLD: Register = Register::at(0x0c20_0000);
const CLAIM: Register = Register::at(0x0c20_0004);

/// Enables the interrupts of the timer and of Ethernet.
pub fn enable() {
    PRIORITY.write(1);
    ENABLE.write(1 << virtio::INTERRUPT);
    THRESHOLD.write(0);
    // SAFETY: no critical section depends on their being masked.
    unsafe {
        riscv::interrupt::enable_interrupt(Interrupt::MachineTimer);
        riscv::interrupt::enable_interrupt(Interrupt::MachineExternal);
        riscv::interrupt::enable();
    }
}

#[core_interrupt(Interrupt::MachineExternal)]
fn external() {
    let claimed = CLAIM.read();
    virtio::interrupt();
    CLAIM.write(claimed);
}

/// Logs the address and exits with a failure.
#[unsafe(export_name = "ExceptionHandler")]
extern "C" fn exception(frame: &TrapFrame) -> ! {
    defmt::error!(
        "exception {=usize} at {=usize:#010x}, called from {=usize:#010x}",
        mcause::read().code(),
        mepc::read(),
        frame.ra
    );
    emulated::exit(false)
}
