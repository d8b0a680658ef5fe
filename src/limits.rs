//! The capacities of this build as constants: every knob, every fixed size, every field.
//!
//! The numbers come from `build.rs`, the environment and the TOML file that `LIVEKIT_MICRO_LIMITS`
//! names. A firmware that depends on one can assert it. A forgotten setting (cargo reads the
//! `.cargo/config.toml` of the folder it is started in, whatever `--manifest-path` says) then fails
//! the build instead of losing a packet:
//!
//! ```
//! const _: () = assert!(livekit_micro::limits::PAYLOAD_BYTES >= 1024);
//! const _: () = assert!(livekit_micro::limits::fields::user_packet::PAYLOAD_BYTES >= 1024);
//! ```

include!(concat!(env!("OUT_DIR"), "/limits.rs"));
