//! X.509 certificates as WebRTC uses them: a public key, known by its fingerprint.

mod der;
mod fingerprint;
mod public_key;
mod self_signed;
pub(crate) mod signature;

pub use fingerprint::{Fingerprint, fingerprint};
pub use public_key::CertificateError;
pub(crate) use public_key::public_key;
pub use self_signed::{SELF_SIGNED_BYTES, SelfSignedError, self_signed};
