//! The fields that logs do not show.
//!
//! `{:?}` and, with the feature `defmt`, `defmt::Format` print messages field by field. Fields that the
//! schema marks as personal or secret (`(logger.sensitivity)`), and some that it forgot to mark, are
//! redacted: `<redacted (12 bytes)>`. Payloads and other bytes print as their length: `<12 bytes>`.
//!
//! ```
//! use livekit_micro::owned::UserPacket;
//!
//! let mut packet = UserPacket::new();
//! packet.payload.extend_from_slice(b"21.5")?;
//! assert!(format!("{packet:?}").contains("payload: <4 bytes>"));
//! # Ok::<(), livekit_micro::CapacityError>(())
//! ```

include!(concat!(env!("OUT_DIR"), "/logs.rs"));
