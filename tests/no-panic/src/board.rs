//! The program on the emulated board.
//!
//! It first lists its messages, with their sizes and where the code of each function lies. Then it
//! reads `frames.txt` in the folder it is started in, a message and a file on every line
//! (`livekit.DataPacket tests/corpus/010-DataPacket-user-sent.bin`), and says of each what every
//! function returned and how much stack it took.

use crate::messages::{Frame, Message, WRAPPED};
use emulator::semihosting::{exit, print, print_number, read};
use emulator::stack;

/// Holds a message that is encoded again.
const FRAME_BYTES: usize = 16 * 1024;
/// Holds all encoded messages: decoded ones refer to them.
const FRAMES_BYTES: usize = 256 * 1024;
const LIST_BYTES: usize = 64 * 1024;

static FAMILIES: &[&[Message]] = &[
    #[cfg(feature = "owned")]
    crate::messages::owned::MESSAGES,
    #[cfg(feature = "borrowed")]
    crate::messages::borrowed::MESSAGES,
];

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut LIST: [u8; LIST_BYTES] = [0; LIST_BYTES];
    static mut PATH: [u8; 256] = [0; 256];
    static mut FRAMES: [u8; FRAMES_BYTES] = [0; FRAMES_BYTES];
    static mut OUT: [u8; FRAME_BYTES] = [0; FRAME_BYTES];

    let messages = || FAMILIES.iter().copied().flatten();
    messages().for_each(list);
    let Some(lines) = read(b"frames.txt\0", LIST) else { exit(true) };
    let mut free: &'static mut [u8] = FRAMES;
    #[cfg(all(feature = "owned", feature = "full"))]
    print_count(crate::json::exercise(lines));
    #[cfg(feature = "borrowed")]
    print_count(crate::reader::exercise(lines));
    #[cfg(feature = "calls")]
    print_count(crate::calls::exercise(lines, OUT));
    #[cfg(feature = "data")]
    print_count(crate::data::exercise(lines, OUT));
    #[cfg(feature = "e2ee")]
    print_count(crate::e2ee::exercise(lines, OUT));
    #[cfg(feature = "peer")]
    print_count(crate::peer::exercise(lines, OUT));
    #[cfg(feature = "signal")]
    print_count(crate::signal::exercise(lines, OUT));
    #[cfg(feature = "link")]
    print_count(crate::link::exercise(lines, OUT));
    #[cfg(feature = "participant")]
    print_count(crate::participant::exercise(lines, OUT));
    print("\n");
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let mut words = line.split(|byte| *byte == b' ');
        let (Some(name), Some(path)) = (words.next(), words.next()) else { exit(false) };
        PATH.fill(0);
        PATH.iter_mut().zip(path).for_each(|(to, from)| *to = *from);
        let Some(path) = PATH.get(..path.len() + 1) else { exit(false) };
        let Some((frame, rest)) = receive(path, free) else { exit(false) };
        free = rest;
        let Some(message) = messages().find(|message| message.name.as_bytes() == name) else {
            exit(false)
        };
        measure(message, frame, OUT);
    }
    exit(true)
}

/// Reads a frame from a file to the start of `free`; returns it and what is left.
fn receive(path: &[u8], free: &'static mut [u8]) -> Option<(Frame, &'static mut [u8])> {
    let (head, behind) = free.split_first_chunk_mut::<4>()?;
    let len = read(path, behind)?.len();
    // A varint may be longer than it must.
    *head = [WRAPPED, len as u8 | 0x80, (len >> 7) as u8 | 0x80, (len >> 14) as u8 & 0x7f];
    let (wrapped, free) = free.split_at_mut_checked(4 + len)?;
    let wrapped: &'static [u8] = wrapped;
    Some((Frame { bytes: wrapped.get(4..)?, wrapped }, free))
}

/// Where the functions lie.
fn list(message: &Message) {
    print_word("message");
    print_name(message);
    for (name, function) in message.functions {
        print_word(name);
        print_count(*function as usize);
    }
    print("\n");
}

/// What the functions took of the stack, and what they returned.
fn measure(message: &Message, frame: Frame, out: &mut [u8]) {
    #[cfg(feature = "flawed")]
    print_number(usize::from(frame.bytes[message.size]));

    print_word("frame");
    print_name(message);
    for (name, function) in message.functions {
        let (result, bytes) = stack::of(|| function(frame, out));
        print_word(name);
        print_count(bytes);
        match result {
            Some(len) => print_count(len),
            None => print_word("no"),
        }
    }
    print("\n");
}

fn print_name(message: &Message) {
    print_word(message.name);
    print_count(message.size);
}

fn print_word(word: &str) {
    print(word);
    print(" ");
}

fn print_count(number: usize) {
    print_number(number);
    print(" ");
}
