//! The time before which the firmware was not built.

/// When this version was made, in seconds since 1970: the floor of a build that has no `SOURCE_DATE_EPOCH`.
pub const RELEASED: u64 = 1_793_491_200; // 2026-11-01

/// The time of the build, in seconds since 1970, as `SOURCE_DATE_EPOCH` has it; [`RELEASED`](crate::RELEASED) if it is not
/// set. What is not a number does not compile.
///
/// ```
/// const FLOOR: u64 = livekit_micro_trust::build_time!();
/// assert!(FLOOR >= livekit_micro_trust::RELEASED);
/// ```
///
/// A build that others should be able to repeat byte for byte has that variable (<https://reproducible-builds.org>). In a
/// build script: `println!("cargo::rustc-env=SOURCE_DATE_EPOCH={now}")`.
#[macro_export]
macro_rules! build_time {
    () => {
        const {
            match ::core::option_env!("SOURCE_DATE_EPOCH") {
                None => $crate::RELEASED,
                Some(text) => match $crate::parse_unix_s(text) {
                    Some(unix_s) => unix_s,
                    None => panic!("SOURCE_DATE_EPOCH is not a number of seconds"),
                },
            }
        }
    };
}

/// Reads a decimal number of seconds; for [`build_time!`](crate::build_time).
pub const fn parse_unix_s(text: &str) -> Option<u64> {
    match u64::from_str_radix(text, 10) {
        Ok(unix_s) => Some(unix_s),
        Err(_) => None,
    }
}
