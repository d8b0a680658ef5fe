//! The JSON of a token: what `encoding/json` of Go reads, with which LiveKit's server verifies.
//!
//! | Go's rule | where |
//! |---|---|
//! | `null` leaves a value as it is, and unsets one that may be absent | [`parse`] |
//! | keys are compared without case; a key that comes again overwrites | [`claims`] |
//! | half a surrogate pair is U+FFFD | [`string`] |
//! | a time may have a fraction and an exponent, and may stand in quotes | [`time`] |
//!
//! It differs in three things, each refused here: values nested more than 32 deep, strings that are
//! not UTF-8, and times after the year 9999 × 10⁷, which overflow there.

mod claims;
mod parse;
mod string;
mod time;
mod write;

pub(super) use parse::Parser;
pub(super) use time::MAX_SECONDS;
