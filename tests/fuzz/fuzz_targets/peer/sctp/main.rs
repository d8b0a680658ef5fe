//! Two associations over a network that an input steers; and one whose peer says whatever an input makes of the
//! protocol's numbers.
#![no_main]

mod liar;
mod pair;

use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut input = Unstructured::new(input);
    match input.arbitrary() {
        Ok(true) => pair::run(&mut input),
        _ => liar::run(&mut input),
    }
});
