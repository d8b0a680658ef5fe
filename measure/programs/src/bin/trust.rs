//! Verifies chains of certificates.
#![no_std]
#![no_main]

programs::may_panic!(); // as webpki can, for all that the optimiser knows
programs::forever!(|chain, out| {
    let name = str::from_utf8(out).unwrap_or(measure_trust::NAME);
    core::hint::black_box(measure_trust::verify(chain, name, measure_trust::UNIX_S).is_ok());
});
