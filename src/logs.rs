//! What logs do not show.
//!
//! `{:?}` and, behind the feature `defmt`, `defmt::Format` print messages field by field. Of fields
//! that the schema marks as personal or secret (`(logger.sensitivity)`), and of some that it
//! forgot, they print `<redacted (12 bytes)>`; of payloads and other bytes `<12 bytes>`.
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
