//! A simulated sensor publishes LiveKit data packets out of one static buffer.
//!
//! ```text
//! cargo run --example publisher                        shows what goes out
//! cargo run --example publisher -- --out FILE.frames   writes the frames, each behind its length
//! cargo run --example publisher -- --read FILE…        decodes frames: .frames, or one a file,
//!                                                      such as tests/corpus/010-*.bin
//! ```

mod packets;
mod table;

use std::alloc::{GlobalAlloc, Layout, System};
use std::error::Error;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use packets::Publisher;
use static_cell::ConstStaticCell;

/// All the memory that publishing takes, beside the stack.
static BUFFER: ConstStaticCell<[u8; 1280]> = ConstStaticCell::new([0; 1280]);

const LOG_LINE: &str = "boot 7: sensor found, 21 °C is plausible";
const NOW_MS: i64 = 1_790_000_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        [] => publish(None),
        ["--out", file] => publish(Some(file)),
        ["--read", files @ ..] if !files.is_empty() => read(files),
        _ => Err("publisher [--out FILE | --read FILE…]".into()),
    }
}

/// Four readings, then a line of the log as a text stream.
fn publish(out: Option<&str>) -> Result<(), Box<dyn Error>> {
    let (mut publisher, buffer) = (Publisher::default(), BUFFER.take());
    let mut frames = Vec::new();
    let mut device_allocations = 0;
    println!("RAM: {} bytes for the frame, no heap\n", buffer.len());
    table::head();
    for step in 0..7 {
        let before = allocations();
        let frame = match step {
            0..4 => publisher.reading(&packets::sample(step), buffer)?,
            4 => publisher.log_header(LOG_LINE, NOW_MS, buffer)?,
            5 => publisher.log_chunk(LOG_LINE, buffer)?,
            _ => publisher.log_trailer(buffer)?,
        };
        device_allocations += allocations() - before;
        table::row(frame)?;
        prost::encode_length_delimiter(frame.len(), &mut frames)?;
        frames.extend_from_slice(frame);
    }
    println!("\nheap allocations while packets were made: {device_allocations}");
    if let Some(file) = out {
        fs::write(file, &frames)?;
        println!("{file}: {} bytes", frames.len());
    }
    Ok(())
}

fn read(files: &[&str]) -> Result<(), Box<dyn Error>> {
    table::head();
    for file in files {
        let bytes = fs::read(file)?;
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let len = match file.ends_with(".frames") {
                true => prost::decode_length_delimiter(&mut rest)?,
                false => rest.len(),
            };
            let (frame, behind) = rest.split_at_checked(len).ok_or("the file ends in a frame")?;
            if let Err(error) = table::row(frame) {
                table::failure(frame.len(), file, &error);
            }
            rest = behind;
        }
    }
    Ok(())
}

/// Counts what the whole program takes from the heap, to show that packets take nothing.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static HEAP: Counting = Counting;

fn allocations() -> usize {
    ALLOCATIONS.load(Ordering::Relaxed)
}

// SAFETY: both methods hand their arguments on to the system's allocator as they are.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }
}
