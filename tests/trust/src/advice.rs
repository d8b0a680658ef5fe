//! What to change so that the firmware reaches a server.

use livekit_micro_trust::Error;
use livekit_micro_trust::embedded_tls::{OpenError, ServerError};

use crate::fields::Fields;
use crate::sclient::{Address, Seen, offer};

/// The longest message that fits in one record (RFC 8446, 5.1).
const MESSAGE_BYTES: usize = 16_384;

/// What a device offers, one restriction after the other, and what to do about a server that refuses it.
pub const OFFERS: [(&str, &[&str], &str); 5] = [
    (
        "TLS at all",
        &[],
        "see with `openssl s_client` what the server wants; there may be no TLS on this port.",
    ),
    (
        "TLS 1.3",
        &["-tls1_3"],
        "the server has no TLS 1.3, and the device nothing else: switch it on there.",
    ),
    (
        "AES-128-GCM with SHA-256",
        &["-ciphersuites", "TLS_AES_128_GCM_SHA256"],
        "the server refuses TLS_AES_128_GCM_SHA256, the device's only cipher suite: add it there.",
    ),
    (
        "key exchange on P-256",
        &["-groups", "P-256"],
        "the server refuses key exchange on P-256, the device's only group: add P-256 (secp256r1, prime256v1) to its groups.",
    ),
    (
        "signatures by RSA, P-256 or P-384",
        &[
            "-sigalgs",
            "ECDSA+SHA256:ECDSA+SHA384:ed25519:RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512",
        ],
        "the server's key is of another kind: give it a certificate for a key of RSA, P-256 or P-384.",
    ),
];

/// The first restriction of the device that the server does not accept.
pub fn refused(server: &Address) -> String {
    let mut options = Vec::new();
    for (what, more, change) in OFFERS {
        options.extend(more);
        if offer(server, &options).is_none() {
            return format!("it refuses {what}.\nTo change: {change}");
        }
    }
    "it refused once, and agreed when asked again: it may be overloaded, or several servers of this name differ.".into()
}

/// What to change about an exchange that failed.
pub fn advice(error: OpenError, server: &Address, seen: &Seen) -> String {
    let (what, change) = match error {
        OpenError::Server(ServerError::Certificate(error)) => {
            (format!("its certificate is rejected, {error}"), untrusted(error, server, seen))
        }
        OpenError::Server(ServerError::Proof) => (
            "its signature of the handshake is wrong".into(),
            "somebody who does not have the certificate's key is in between.".into(),
        ),
        OpenError::Alert(_) | OpenError::Lost if seen.wants_certificate => (
            "it wants a certificate of the client's".into(),
            "devices have none: their token authenticates them. Do not require one there.".into(),
        ),
        OpenError::Alert(alert) => {
            (format!("it ended the connection with alert {alert}"), "see its log.".into())
        }
        OpenError::Lost => ("it ended the connection".into(), "see its log.".into()),
        OpenError::RecordTooLong | OpenError::Protocol if seen.message_bytes > MESSAGE_BYTES => (
            "its certificates do not fit in a record".into(),
            "a certificate for fewer names, and no certificates that are not needed.".into(),
        ),
        OpenError::RecordTooLong | OpenError::Protocol => (
            "it does something that embedded-tls does not support".into(),
            "it may send its certificates in several records, or want one of the client's.".into(),
        ),
    };
    format!("{what}.\nTo change: {change}")
}

fn untrusted(error: Error, server: &Address, seen: &Seen) -> String {
    let own = seen.chain.first();
    match error {
        Error::Issuer | Error::NotAServer if own.is_some_and(Fields::is_self_signed) => {
            "its certificate is self-signed. Make a root of your own, issue a certificate for the server under it, and \
             give the root to the device."
                .into()
        }
        Error::Issuer => {
            "compile in the root above, or name its file as the second argument to try it. If that is not a root's but \
             of an authority below one, let the server send its full chain (fullchain.pem)."
                .into()
        }
        Error::Name => {
            let names = own.map(Fields::names).unwrap_or_default();
            format!("the certificate is for {names}, not {}: use such a name.", server.name)
        }
        Error::NoTime | Error::NotYetValid => "look at this computer's clock, or wait.".into(),
        Error::Expired => {
            "renew the certificate that has expired (until, above), or look at this computer's clock.".into()
        }
        _ => "the authority has to issue another one; livekit_micro_trust::Error says more.".into(),
    }
}
