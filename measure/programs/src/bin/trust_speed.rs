//! Instructions and stack of the verification of chains of certificates, in lines as `crypto_speed` has them.
#![no_std]
#![no_main]

use core::hint::black_box;

use emulator::semihosting::{exit, print, print_number};
use emulator::stack;
use measure_trust::{FAMILIES, NAME, SIGNATURES, UNIX_S, verify};
use programs::ticks;

programs::may_panic!(); // as its assertion can

#[cortex_m_rt::entry]
fn main() -> ! {
    for (name, chain) in SIGNATURES.iter().chain(FAMILIES) {
        let mut call = || assert!(verify(black_box(chain), NAME, UNIX_S).is_ok());
        let instructions = ticks::of_long(&mut call);
        let bytes = stack::of(call).1.saturating_sub(stack::of(|| {}).1);
        for (kind, number) in [("instructions|", instructions), ("stack|", bytes)] {
            [kind, name, "|"].into_iter().for_each(print);
            print_number(number);
            print("\n");
        }
    }
    exit(true)
}
