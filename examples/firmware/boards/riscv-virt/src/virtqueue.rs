//! A split virtqueue of frames, each in a buffer of its own: sections 2.7 and 5.1.6 of virtio 1.2.

use core::cell::UnsafeCell;
use core::ptr;
use core::sync::atomic::{AtomicU16, AtomicU32, Ordering};

/// The longest frame, without its checksum.
pub const FRAME_BYTES: usize = 1514;
/// What virtio-net has before a frame. It is zero where the driver writes it, as no offload was agreed on.
const HEADER_BYTES: usize = 12;
const BUFFER_BYTES: usize = HEADER_BYTES + FRAME_BYTES;

/// The device may write the buffer.
const WRITE: u32 = 2;

/// A queue of `N` buffers, a power of two. Descriptor `n` always is that of buffer `n`.
///
/// All zero at the start. The parts are aligned as the device demands.
#[repr(C, align(16))]
pub struct Virtqueue<const N: usize> {
    descriptors: [Descriptor; N],
    available: Available<N>,
    used: Used<N>,
    /// How many of the used buffers were taken.
    taken: AtomicU16,
    buffers: [Buffer; N],
}

#[repr(C)]
struct Descriptor {
    /// The lower half of the address, and its upper one: zero.
    address: [AtomicU32; 2],
    len: AtomicU32,
    flags: AtomicU32,
}

/// Buffers for the device.
#[repr(C)]
struct Available<const N: usize> {
    flags: AtomicU16,
    count: AtomicU16,
    indexes: [AtomicU16; N],
}

/// Buffers that the device gives back: their indexes and how many bytes it wrote.
#[repr(C, align(4))]
struct Used<const N: usize> {
    flags: AtomicU16,
    count: AtomicU16,
    written: [[AtomicU32; 2]; N],
}

/// A header and a frame. The device has it from when it is available until it is used.
struct Buffer(UnsafeCell<[u8; BUFFER_BYTES]>);

// SAFETY: `Virtqueue::frame` demands that nothing else has the buffer.
unsafe impl Sync for Buffer {}

impl<const N: usize> Virtqueue<N> {
    pub const fn new() -> Self {
        Self {
            descriptors: [const { Descriptor { address: words(), len: word(), flags: word() } }; N],
            available: Available { flags: half(), count: half(), indexes: [const { half() }; N] },
            used: Used { flags: half(), count: half(), written: [const { words() }; N] },
            taken: half(),
            buffers: [const { Buffer(UnsafeCell::new([0; BUFFER_BYTES])) }; N],
        }
    }

    /// The addresses of the descriptors, the available and the used buffers.
    pub fn addresses(&'static self) -> [u32; 3] {
        [address(&self.descriptors), address(&self.available), address(&self.used)]
    }

    /// Makes all buffers available, for what the device receives. Called once.
    pub fn offer_all(&self) {
        for (index, descriptor) in self.descriptors.iter().enumerate() {
            descriptor.flags.store(WRITE, Ordering::Relaxed);
            self.offer(index, FRAME_BYTES);
        }
    }

    /// Makes a buffer available, with a frame of `len` bytes or space for one.
    pub fn offer(&self, index: usize, len: usize) {
        let (Some(descriptor), Some(buffer)) =
            (self.descriptors.get(index), self.buffers.get(index))
        else {
            return;
        };
        descriptor.address[0].store(address(buffer), Ordering::Relaxed);
        descriptor.len.store((HEADER_BYTES + len) as u32, Ordering::Relaxed);
        let count = self.available.count.load(Ordering::Relaxed);
        self.available.indexes[usize::from(count) % N].store(index as u16, Ordering::Relaxed);
        self.available.count.store(count.wrapping_add(1), Ordering::Release);
    }

    /// Whether the device has no buffer.
    pub fn is_idle(&self) -> bool {
        self.used.count.load(Ordering::Acquire) == self.available.count.load(Ordering::Relaxed)
    }

    /// Whether there is a buffer to take.
    pub fn has_used(&self) -> bool {
        self.used.count.load(Ordering::Acquire) != self.taken.load(Ordering::Relaxed)
    }

    /// Takes the oldest of the used buffers: its index and the length of its frame.
    pub fn take(&self) -> Option<(usize, usize)> {
        if !self.has_used() {
            return None;
        }
        let taken = self.taken.load(Ordering::Relaxed);
        self.taken.store(taken.wrapping_add(1), Ordering::Relaxed);
        let [index, written] = &self.used.written[usize::from(taken) % N];
        let written = written.load(Ordering::Relaxed) as usize;
        Some((index.load(Ordering::Relaxed) as usize, written.saturating_sub(HEADER_BYTES)))
    }

    /// The frame in a buffer, of `len` bytes; empty where the index or the length is too large.
    ///
    /// # Safety
    ///
    /// The buffer is not available to the device, and there is no other reference to its frame.
    #[expect(clippy::mut_from_ref, reason = "the caller says so")]
    pub unsafe fn frame(&self, index: usize, len: usize) -> &mut [u8] {
        let Some(buffer) = self.buffers.get(index) else {
            return &mut [];
        };
        // SAFETY: by the function's contract.
        let bytes = unsafe { &mut *buffer.0.get() };
        bytes.get_mut(HEADER_BYTES..HEADER_BYTES + len).unwrap_or_default()
    }
}

const fn half() -> AtomicU16 {
    AtomicU16::new(0)
}

const fn word() -> AtomicU32 {
    AtomicU32::new(0)
}

const fn words() -> [AtomicU32; 2] {
    [word(), word()]
}

/// Where a device finds it.
fn address<T>(part: &T) -> u32 {
    ptr::from_ref(part).expose_provenance() as u32
}
