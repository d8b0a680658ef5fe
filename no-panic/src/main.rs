//! Decodes and encodes whichever message it is told to, and links only if nothing in it can panic.
//!
//! It first lists its messages, with their sizes and where the code of each verb lies. Then it
//! reads `frames.txt` in the folder it is started in, a message and a file on every line
//! (`livekit.DataPacket tests/corpus/010-DataPacket-user-sent.bin`), and says of each whether it
//! was decoded and how much stack the verbs took.
#![no_std]
#![no_main]

#[cfg(feature = "full")]
mod json;
mod messages;
mod semihosting;
mod stack;

use core::panic::PanicInfo;

use messages::{MESSAGES, Message};
use semihosting::{exit, print, print_number, read};

const FRAME_BYTES: usize = 16 * 1024;
const LIST_BYTES: usize = 64 * 1024;

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut LIST: [u8; LIST_BYTES] = [0; LIST_BYTES];
    static mut PATH: [u8; 256] = [0; 256];
    static mut FRAME: [u8; FRAME_BYTES] = [0; FRAME_BYTES];
    static mut OUT: [u8; FRAME_BYTES] = [0; FRAME_BYTES];

    for message in MESSAGES {
        list(message);
    }
    let Some(lines) = read(b"frames.txt\0", LIST) else { exit(true) };
    #[cfg(feature = "full")]
    print_row("json", "", &[json::exercise(lines)]);
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let mut words = line.split(|byte| *byte == b' ');
        let (Some(name), Some(path)) = (words.next(), words.next()) else { exit(false) };
        let Some(message) = MESSAGES.iter().find(|message| message.name.as_bytes() == name) else {
            exit(false)
        };
        PATH.fill(0);
        PATH.iter_mut().zip(path).for_each(|(to, from)| *to = *from);
        let Some(path) = PATH.get(..path.len() + 1) else { exit(false) };
        let Some(frame) = read(path, FRAME) else { exit(false) };
        measure(message, frame, OUT);
    }
    exit(true)
}

/// Where the verbs lie: `decode_into`, `to_slice`, `from_bytes`.
fn list(message: &Message) {
    let numbers = [
        message.size,
        message.decode_into as usize,
        message.to_slice as usize,
        #[cfg(feature = "from-bytes")]
        (message.from_bytes as usize),
    ];
    print_row("message", message.name, &numbers);
}

/// What the verbs took: bytes of the message, of both frames, stack of each verb.
fn measure(message: &Message, frame: &[u8], out: &mut [u8]) {
    #[cfg(feature = "flawed")]
    print_number(usize::from(frame[message.size]));

    let (decoded, decode_into) = stack::of(|| (message.decode_into)(frame));
    let (written, to_slice) = stack::of(|| (message.to_slice)(out));
    #[cfg(feature = "from-bytes")]
    let (_, from_bytes) = stack::of(|| (message.from_bytes)(frame));
    let encoded_len = (message.encoded_len)();
    let numbers = [
        message.size,
        frame.len(),
        encoded_len,
        decode_into,
        to_slice,
        #[cfg(feature = "from-bytes")]
        from_bytes,
    ];
    let verdict = match decoded {
        _ if written != Some(encoded_len) => "torn",
        true => "ok",
        false => "refused",
    };
    print_row(verdict, message.name, &numbers);
}

fn print_row(first: &str, second: &str, numbers: &[usize]) {
    print(first);
    print(" ");
    print(second);
    for number in numbers {
        print(" ");
        print_number(*number);
    }
    print("\n");
}

/// Is missing when the program is linked, unless nothing can panic.
#[cfg(not(feature = "explain"))]
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    unsafe extern "C" {
        fn something_can_panic() -> !;
    }
    // SAFETY: is never linked.
    unsafe { something_can_panic() }
}

#[cfg(feature = "explain")]
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    exit(false)
}
