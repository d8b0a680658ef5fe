//! The JSON of tokens, by the rules of Go's `encoding/json`: LiveKit's server verifies with it.
//!
//! | rule | where |
//! |---|---|
//! | `null` leaves a value as it was, and unsets one that may be absent | [`parse`] |
//! | keys are compared without case; a key that is there twice overwrites | [`claims`] |
//! | half a surrogate pair is U+FFFD | [`string`] |
//! | a time may have a fraction and an exponent, and may be in quotes | [`time`] |
//!
//! Differences, each of which is refused here: values that are nested more than 32 deep, strings that
//! are not UTF-8, times so far away that they overflow in Go. And a time before 1970 is 0.

mod claims;
mod parse;
mod string;
mod time;
mod write;

pub(super) use parse::Parser;
pub(super) use time::MAX_SECONDS;
