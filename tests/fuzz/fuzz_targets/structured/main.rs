//! Messages built field by field from the input, through our encoder: prost finds in them what was
//! put in, and we find in prost's bytes what we put in ours.
#![no_main]

mod json;
mod packet;
mod parts;

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use testkit::pair;

fuzz_target!(|input: &[u8]| {
    // Input that ends early makes no message, which is no failure.
    let _ = check(&mut Unstructured::new(input));
});

fn check(input: &mut Unstructured) -> Result<()> {
    match input.ratio(1, 5)? {
        true => json::agree(input)?,
        false => pair::agree(packet::packet(input)?),
    }
    Ok(())
}
