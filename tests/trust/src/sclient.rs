//! What a server does when it is offered something, as `openssl s_client` sees it.

use std::net::IpAddr;
use std::process::{Command, Stdio};

use pki_types::CertificateDer;
use pki_types::pem::PemObject;

use crate::fields::Fields;

/// A server's address, and its name in certificates.
pub struct Address {
    pub name: String,
    pub port: u16,
}

impl Address {
    /// Reads `HOST` or `HOST:PORT`, also in a URL.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.split_once("://").map_or(text, |(_, rest)| rest);
        let text = text.split('/').next()?;
        let (name, port) = text.split_once(':').unwrap_or((text, "443"));
        let port = port.parse().ok()?;
        (!name.is_empty()).then(|| Self { name: name.to_owned(), port })
    }
}

/// A handshake that the server completed.
pub struct Seen {
    pub version: String,
    pub cipher: String,
    pub group: String,
    /// The server's certificate first.
    pub chain: Vec<Fields>,
    /// The length of the handshake message with the certificates.
    pub message_bytes: usize,
    /// The server wants a certificate of the client's; it may do without.
    pub wants_certificate: bool,
}

/// Offers what `options` of `openssl s_client` say; `None` if the server does not agree to it.
pub fn offer(server: &Address, options: &[&str]) -> Option<Seen> {
    let Address { name, port } = server;
    let mut command = Command::new("openssl");
    command.args(["s_client", "-4", "-connect", &format!("{name}:{port}"), "-showcerts", "-msg"]);
    match name.parse::<IpAddr>() {
        Ok(_) => command.arg("-noservername"),
        Err(_) => command.args(["-servername", name]),
    };
    // The rest is the verifier's task: OpenSSL shows also what it would refuse itself.
    command.args(["-cipher", "DEFAULT:@SECLEVEL=0"]).args(options);
    let output = command.stdin(Stdio::null()).output().expect("openssl is there");
    read(&String::from_utf8_lossy(&output.stdout))
}

fn read(text: &str) -> Option<Seen> {
    // "New, TLSv1.3, Cipher is TLS_AES_128_GCM_SHA256"
    let agreed = text.lines().find_map(|line| line.strip_prefix("New, "))?;
    let (version, cipher) = agreed.split_once(", Cipher is ").filter(|(it, _)| *it != "(NONE)")?;
    // "Server Temp Key: ECDH, prime256v1, 256 bits", and in other versions of OpenSSL
    // "Negotiated TLS1.3 group: secp256r1".
    let group = text.lines().find_map(|line| {
        let (_, group) =
            line.split_once(" Temp Key: ").or_else(|| line.split_once("TLS1.3 group: "))?;
        // "ECDH, prime256v1, 256 bits", "X25519, 253 bits"
        let group = group.trim_start_matches("ECDH, ").split(',').next()?;
        Some(group.replace("prime256v1", "P-256").replace("secp256r1", "P-256"))
    });
    // "<<< TLS 1.3, Handshake [length 01ab], Certificate"
    let message = text.lines().find_map(|line| {
        let (_, len) =
            line.strip_suffix("], Certificate")?.split_once("<<< ")?.1.split_once("[length ")?;
        usize::from_str_radix(len, 16).ok()
    });
    let chain = CertificateDer::pem_slice_iter(text.as_bytes()).flatten();
    Some(Seen {
        version: version.to_owned(),
        cipher: cipher.to_owned(),
        group: group.unwrap_or_else(|| "no group".to_owned()),
        chain: chain.map(|der| Fields::read(der.to_vec())).collect(),
        message_bytes: message.unwrap_or_default(),
        wants_certificate: text.lines().any(|line| line.ends_with("], CertificateRequest")),
    })
}
