//! The host's files and its standard output, by Arm's semihosting calls.

use core::arch::asm;

const OPEN: usize = 0x01;
const CLOSE: usize = 0x02;
const WRITE0: usize = 0x04;
const READ: usize = 0x06;
const EXIT: usize = 0x18;

/// Reads the file at `path`, which ends with zero bytes; `None` if `buf` does not hold all of it.
pub fn read<'b>(path: &[u8], buf: &'b mut [u8]) -> Option<&'b [u8]> {
    let len = path.iter().position(|byte| *byte == 0)?;
    let file = call(OPEN, [path.as_ptr() as usize, 1, len]); // 1 is fopen's "rb"
    if file == usize::MAX {
        return None;
    }
    let unread = call(READ, [file, buf.as_mut_ptr() as usize, buf.len()]);
    call(CLOSE, [file, 0, 0]);
    match buf.len().checked_sub(unread) {
        Some(len) if unread > 0 => buf.get(..len),
        _ => None,
    }
}

pub fn print(text: &str) {
    // The call takes a text that ends with a zero byte.
    for part in text.as_bytes().chunks(31) {
        let mut buf = [0; 32];
        buf.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
        call_with(WRITE0, buf.as_ptr() as usize);
    }
}

pub fn print_number(number: usize) {
    if number > 9 {
        print_number(number / 10);
    }
    let digit = [b'0' + (number % 10) as u8];
    print(core::str::from_utf8(&digit).unwrap_or("?"));
}

/// Ends QEMU, with exit status 0 for success.
pub fn exit(success: bool) -> ! {
    loop {
        call_with(EXIT, if success { 0x20026 } else { 0x20023 });
    }
}

fn call(operation: usize, arguments: [usize; 3]) -> usize {
    call_with(operation, arguments.as_ptr() as usize)
}

fn call_with(operation: usize, argument: usize) -> usize {
    let result;
    // SAFETY: these calls read their arguments, and write to nothing but the buffer of `READ`.
    unsafe { asm!("bkpt 0xab", inlateout("r0") operation => result, in("r1") argument) };
    result
}
