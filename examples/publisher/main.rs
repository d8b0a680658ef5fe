//! A simulated sensor publishes LiveKit data packets out of one static buffer.
//!
//! ```text
//! cargo run --example publisher                        shows what is sent
//! cargo run --example publisher -- --out FILE.frames   writes the packets, each after its length
//! cargo run --example publisher -- --read FILE…        decodes packets: those of a .frames file, or
//!                                                      one a file
//! ```

mod packets;
mod table;

use std::alloc::{GlobalAlloc, Layout, System};
use std::error::Error;
use std::fmt::Display;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, io};

use packets::Publisher;
use static_cell::ConstStaticCell;

/// All the memory that publishing takes, except for the stack.
static BUFFER: ConstStaticCell<[u8; 1280]> = ConstStaticCell::new([0; 1280]);

const LOG_LINE: &str = "boot 7: sensor found, 21 °C is plausible";
const NOW_MS: i64 = 1_790_000_000_000;

const USAGE: &str = "usage: publisher [--out FILE.frames | --read FILE…]";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        [] => publish(None),
        ["--out", file] => publish(Some(file)),
        ["--read", files @ ..] if !files.is_empty() => read(files),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("publisher: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Publishes four readings, then a line of the log as a text stream.
fn publish(out: Option<&str>) -> Result<(), Box<dyn Error>> {
    let (mut publisher, buffer) = (Publisher::default(), BUFFER.take());
    let mut frames = Vec::new();
    let mut device_allocations = 0;
    println!("RAM: {} bytes for a packet, no heap\n", buffer.len());
    table::head();
    for step in 0..7 {
        let before = allocations();
        let packet = match step {
            0..4 => publisher.reading(&packets::sample(step), buffer)?,
            4 => publisher.log_header(LOG_LINE, NOW_MS, buffer)?,
            5 => publisher.log_chunk(LOG_LINE, buffer)?,
            _ => publisher.log_trailer(buffer)?,
        };
        device_allocations += allocations() - before;
        table::row(packet)?;
        prost::encode_length_delimiter(packet.len(), &mut frames)?;
        frames.extend_from_slice(packet);
    }
    println!("\nheap allocations while packets were made: {device_allocations}");
    if let Some(file) = out {
        fs::write(file, &frames).map_err(|error| named(file, error))?;
        println!("{file}: {} bytes", frames.len());
    }
    Ok(())
}

/// Shows every packet of `files`, and fails after all of them if one was malformed.
fn read(files: &[&str]) -> Result<(), Box<dyn Error>> {
    table::head();
    let mut malformed = 0;
    for file in files {
        let bytes = fs::read(file).map_err(|error| named(file, error))?;
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let len = match file.ends_with(".frames") {
                true => {
                    prost::decode_length_delimiter(&mut rest).map_err(|error| named(file, error))?
                }
                false => rest.len(),
            };
            let (packet, next) = rest
                .split_at_checked(len)
                .ok_or_else(|| named(file, io::ErrorKind::UnexpectedEof))?;
            if let Err(error) = table::row(packet) {
                table::failure(packet.len(), file, &error);
                malformed += 1;
            }
            rest = next;
        }
    }
    match malformed {
        0 => Ok(()),
        count => Err(format!("{count} malformed").into()),
    }
}

fn named(file: &str, error: impl Display) -> String {
    format!("{file}: {error}")
}

/// Counts the allocations of the whole program, to show that packets need none.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static HEAP: Counting = Counting;

fn allocations() -> usize {
    ALLOCATIONS.load(Ordering::Relaxed)
}

// SAFETY: both methods pass their arguments on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }
}
