//! Chains of certificates as public authorities make them. `cargo run --manifest-path tests/trust/Cargo.toml --bin record` made them.
#![no_std]

use livekit_micro_trust::{Error, ServerKey, Verifier, root};

/// The server's name in all of them.
pub const NAME: &str = "measure.livekit.test";
/// A time at which all are valid: 2027-01-01.
pub const UNIX_S: u64 = 1_798_761_600;

/// What is measured, and a chain: each certificate after its length in two bytes, the server's first, the root's last.
pub type Chain = (&'static str, &'static [u8]);

macro_rules! chains {
    ($($what:literal = $file:literal,)*) => { &[$(($what, include_bytes!(concat!("../chains/", $file)))),*] };
}

/// Of one signature each.
pub static SIGNATURES: &[Chain] = chains! {
    "a signature by P-256" = "p256",
    "by P-384" = "p384",
    "by RSA-2048" = "rsa2048",
    "by RSA-3072" = "rsa3072",
    "by RSA-4096" = "rsa4096",
};

/// Of families of authorities.
pub static FAMILIES: &[Chain] = chains! {
    "Amazon, RSA" = "amazon-rsa",
    "Google, ECDSA" = "google-ecdsa",
    "Let's Encrypt R" = "encrypt-r",
    "Let's Encrypt E" = "encrypt-e",
    "Let's Encrypt YR, to the old root" = "encrypt-yr",
    "Let's Encrypt YE, to the old root" = "encrypt-ye",
};

/// Verifies a chain.
pub fn verify(chain: &[u8], name: &str, unix_s: u64) -> Result<ServerKey, Error> {
    let mut rest = chain;
    let certificates = core::iter::from_fn(move || {
        let (len, after) = rest.split_first_chunk()?;
        let (certificate, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
        rest = after;
        Some(certificate)
    });
    let count = certificates.clone().count();
    let last = certificates.clone().last().unwrap_or_default();
    let roots = [root(last).map_err(|_| Error::Issuer)?];
    let sent = certificates.take(count.saturating_sub(1));
    Verifier::new(&roots, 0).verify(sent, name, Some(unix_s))
}
