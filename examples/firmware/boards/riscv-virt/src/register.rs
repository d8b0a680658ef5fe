//! Registers of the machine's devices.

use core::marker::PhantomData;

/// A register at an address, of as many bits as `T` has.
#[derive(Clone, Copy)]
pub struct Register<T = u32> {
    address: usize,
    value: PhantomData<T>,
}

impl<T: Copy> Register<T> {
    /// The register at an address of this machine.
    pub const fn at(address: usize) -> Self {
        Self { address, value: PhantomData }
    }

    pub fn read(self) -> T {
        // SAFETY: a register of a device; nothing that Rust knows of changes with it.
        unsafe { (self.address as *const T).read_volatile() }
    }

    pub fn write(self, value: T) {
        // SAFETY: as above. What a virtio device reads and writes in memory, `Virtqueue` shares with it.
        unsafe { (self.address as *mut T).write_volatile(value) }
    }
}
