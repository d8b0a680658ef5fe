//! Access tokens (feature `token`): minted for participants and for server calls, and verified.
//!
//! A LiveKit token is a JWT signed by HMAC-SHA256 with the secret of an API key. It names its holder,
//! what they may do, and until when.
//!
//! 1. [`Claims::new`] with the API key and the time of expiry, in Unix seconds; then the identity and a
//!    [`VideoGrant`].
//! 2. [`mint`] writes the token into a buffer of the caller's. It refuses to mint what LiveKit would
//!    refuse.
//! 3. [`verify`] checks a token and reads it, as LiveKit's server does: for gateways, provisioning
//!    tools and tests.
//!
//! ```
//! use livekit_micro::token::{Claims, VideoGrant, mint, verify};
//!
//! let now = 1_780_000_000;
//! let claims = Claims {
//!     identity: "sensor-7",
//!     video: VideoGrant::admin("lab"), // may call RoomService for this room
//!     ..Claims::new("devkey", now + 3600)
//! };
//! let mut buf = [0; 512];
//! let token = mint(&claims, b"devsecret-devsecret-devsecret-0123456789", &mut buf)?;
//!
//! let mut buf = [0; 512];
//! let verified = verify(token, b"devsecret-devsecret-devsecret-0123456789", now, &mut buf)?;
//! assert_eq!(verified.claims, claims);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What to put on a device
//!
//! **Not the secret.** Anybody who reads it out of one device's flash can mint tokens for every room
//! and every identity of that API key, without an end. Put a token on the device, minted when it is
//! provisioned:
//!
//! ```sh
//! cargo run --example token --features token -- --room lab --identity sensor-7 --admin --days 30
//! ```
//!
//! A token with `roomAdmin`, which every call of [`server`](crate::server) needs, allows less and still
//! much: its holder can read who is in that room, send as the server, remove everybody and end the
//! room. So give each device a room of its own or one of a trusted group, and an expiry in days rather
//! than years; a device that only joins needs [`VideoGrant::join`] and no more. LiveKit cannot revoke a
//! single token: it ends by its `exp`, or when the API key's secret is changed.
//!
//! A device that mints needs a clock: the server refuses a token that expired or begins more than a
//! minute from its own time. Most of the flash that minting takes is SHA-256's; the feature
//! `force-soft-compact` of `sha2` 0.10 more than halves it.

mod claims;
mod json;
mod mint;
mod sources;
mod verify;

pub use claims::{Claims, VideoGrant};
pub use mint::{MintError, mint};
pub use sources::Sources;
pub use verify::{Verified, VerifyError, verify};
