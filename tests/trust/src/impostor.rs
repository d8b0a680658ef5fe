//! A TLS 1.3 server without the right to its name, message by message; and a client's connection.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes128Gcm, KeyInit};
use embedded_io::{ErrorKind, ErrorType};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::{PublicKey, SecretKey};
use sha2::{Digest, Sha256};

/// The server's half of a handshake (RFC 8446), message by message.
pub struct Impostor {
    pub stream: TcpStream,
    transcript: Vec<u8>,
    secret: [u8; 32],
    sealed: u64,
}

impl Impostor {
    /// Receives the ClientHello and sends the ServerHello.
    pub fn greet(mut stream: TcpStream) -> Self {
        let mut header = [0; 5];
        stream.read_exact(&mut header).unwrap();
        let mut hello = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
        stream.read_exact(&mut hello).unwrap();
        // A share of secp256r1: 65 bytes, not compressed.
        let share = hello.windows(5).position(|it| it == [0, 0x17, 0, 65, 4]).unwrap() + 4;
        let theirs = PublicKey::from_sec1_bytes(&hello[share..share + 65]).unwrap();
        let ours = SecretKey::from_slice(&[7; 32]).unwrap();
        let common = p256::ecdh::diffie_hellman(ours.to_nonzero_scalar(), theirs.as_affine());

        let mut server_hello = vec![3, 3];
        server_hello.extend([9; 32]);
        server_hello.extend([0, 0x13, 0x01, 0, 0, 79]); // no session, AES-128-GCM with SHA-256
        server_hello.extend([0, 0x2b, 0, 2, 3, 4, 0, 0x33, 0, 69, 0, 0x17, 0, 65]);
        server_hello.extend(p256::EncodedPoint::from(ours.public_key()).as_bytes());
        let server_hello = message(2, &server_hello);

        let (early, _) = Hkdf::<Sha256>::extract(Some(&[0; 32]), &[0; 32]);
        let salt: [u8; 32] = expand(&early, "derived", &Sha256::digest(b""));
        let (handshake, _) = Hkdf::<Sha256>::extract(Some(&salt), common.raw_secret_bytes());
        let mut it = Self { stream, transcript: hello, secret: [0; 32], sealed: 0 };
        it.transcript.extend(&server_hello);
        it.secret = expand(&handshake, "s hs traffic", &it.hash());
        it.send(22, &server_hello);
        it.say(&message(8, &[0, 0]));
        it
    }

    /// Sends a certificate, which is public.
    pub fn show(&mut self, der: &[u8]) {
        let len = |len: usize| (len as u32).to_be_bytes()[1..].to_vec();
        let entry = [&len(der.len())[..], der, &[0, 0]].concat();
        self.say(&message(11, &[&[0], &len(entry.len())[..], &entry].concat()));
    }

    pub fn prove(&mut self, key: &SigningKey) {
        let mut signed = vec![b' '; 64];
        signed.extend(b"TLS 1.3, server CertificateVerify\0");
        signed.extend(self.hash());
        let signature: DerSignature = key.sign(&signed);
        let len = signature.as_bytes().len() as u8;
        self.say(&message(15, &[&[4, 3, 0, len], signature.as_bytes()].concat()));
    }

    pub fn finish(&mut self) {
        let key: [u8; 32] = expand(&self.secret, "finished", &[]);
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&key).unwrap();
        mac.update(&self.hash());
        self.say(&message(20, &mac.finalize().into_bytes()));
    }

    /// Sends an encrypted handshake message.
    fn say(&mut self, message: &[u8]) {
        self.transcript.extend(message);
        self.seal(&[message, &[22]].concat());
    }

    pub fn seal(&mut self, inner: &[u8]) {
        let key: [u8; 16] = expand(&self.secret, "key", &[]);
        let mut nonce: [u8; 12] = expand(&self.secret, "iv", &[]);
        nonce[11] ^= self.sealed as u8;
        self.sealed += 1;
        let len = (inner.len() as u16 + 16).to_be_bytes();
        let payload = Payload { msg: inner, aad: &[23, 3, 3, len[0], len[1]] };
        let sealed = Aes128Gcm::new(&key.into()).encrypt(&nonce.into(), payload).unwrap();
        self.send(23, &sealed);
    }

    /// Sends a record; the client may have closed the connection already.
    pub fn send(&mut self, kind: u8, body: &[u8]) {
        let len = (body.len() as u16).to_be_bytes();
        let _ = self.stream.write_all(&[&[kind, 3, 3, len[0], len[1]], body].concat());
    }

    fn hash(&self) -> [u8; 32] {
        Sha256::digest(&self.transcript).into()
    }
}

/// A handshake message.
pub fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let [_, a, b, c] = (body.len() as u32).to_be_bytes();
    [&[kind, a, b, c], body].concat()
}

/// HKDF-Expand-Label (RFC 8446, 7.1).
fn expand<const N: usize>(secret: &[u8], label: &str, context: &[u8]) -> [u8; N] {
    let label = format!("tls13 {label}");
    let info =
        [&[0, N as u8, label.len() as u8], label.as_bytes(), &[context.len() as u8], context]
            .concat();
    let mut out = [0; N];
    Hkdf::<Sha256>::from_prk(secret).unwrap().expand(&info, &mut out).unwrap();
    out
}

/// A connection of the host with the traits of embedded-io-async.
pub struct Wire(pub TcpStream);

impl ErrorType for Wire {
    type Error = ErrorKind;
}

impl embedded_io_async::Read for Wire {
    async fn read(&mut self, buf: &mut [u8]) -> Result<usize, ErrorKind> {
        self.0.read(buf).map_err(|_| ErrorKind::Other)
    }
}

impl embedded_io_async::Write for Wire {
    async fn write(&mut self, buf: &[u8]) -> Result<usize, ErrorKind> {
        self.0.write(buf).map_err(|_| ErrorKind::Other)
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}
