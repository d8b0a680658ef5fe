//! A device on the host: a client by `embedded-tls`, as the firmware's.

use std::net::TcpStream;

use embassy_futures::block_on;
use embedded_tls::{Aes128GcmSha256, MaxFragmentLength, TlsConnection, TlsError};
use livekit_micro_trust::Verifier;
use livekit_micro_trust::embedded_tls::{Handshake, OpenError, Records, config, open};

use crate::impostor::Wire;
use crate::judges::now;

/// The buffer of a device for what it receives.
#[derive(Clone, Copy)]
pub enum Profile {
    /// Takes any record.
    Any,
    /// Requests records of at most 4096 bytes. For servers of one's own.
    Small,
}

impl Profile {
    pub const fn bytes(self) -> usize {
        match self {
            Self::Any => 16_384 + 256,
            Self::Small => 4096 + 256,
        }
    }
}

/// Asks the server called `name` for its page, over TLS; returns the first line of the answer.
///
/// A server may refuse the client after the handshake, so that alone does not tell whether it is reached.
///
/// # Errors
///
/// As the firmware's.
pub fn ask(
    stream: TcpStream,
    name: &str,
    verifier: Verifier<'_>,
    profile: Profile,
) -> Result<String, OpenError> {
    let (mut received, mut sent) = (vec![0; profile.bytes()], [0; 1024 + 128]);
    let mut tls: TlsConnection<'_, _, Aes128GcmSha256> =
        TlsConnection::new(Records::new(Wire(stream)), &mut received, &mut sent);
    let offered = match profile {
        Profile::Any => config(name),
        Profile::Small => config(name).with_max_fragment_length(MaxFragmentLength::Bits12),
    };
    // Nothing that is sent is secret.
    let random = |out: &mut [u8]| out.iter_mut().for_each(|byte| *byte = fastrand::u8(..));
    let mut handshake = Handshake::new(verifier, name, Some(now()), random);
    let request = format!("GET / HTTP/1.0\r\nHost: {name}\r\n\r\n");
    block_on(async {
        open(&mut tls, &offered, &mut handshake).await?;
        tls.write(request.as_bytes()).await.map_err(ended)?;
        tls.flush().await.map_err(ended)?;
        let mut answer = [0; 128];
        let len = tls.read(&mut answer).await.map_err(ended)?;
        let answer = String::from_utf8_lossy(&answer[..len]).into_owned();
        Ok(answer.lines().next().unwrap_or_default().to_owned())
    })
}

/// What ended a connection that was open.
fn ended(error: TlsError) -> OpenError {
    match error {
        TlsError::HandshakeAborted(_, alert) => OpenError::Alert(alert as u8),
        TlsError::InsufficientSpace => OpenError::RecordTooLong,
        _ => OpenError::Lost,
    }
}
