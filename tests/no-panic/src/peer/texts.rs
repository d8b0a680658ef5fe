//! What is read, and made, once: descriptions, candidates, certificates.

use core::hint::black_box;

use livekit_micro_peer::certificate::{fingerprint, self_signed};
use livekit_micro_peer::ice::tcp::{Deframer, frame};
use livekit_micro_peer::ice::{Candidate, Credentials, Kind, Transport};
use livekit_micro_peer::sdp::{self, Description, Local, Setup};

use super::{Cryptography, PrivateKey, address, cryptography};

/// Takes `bytes` for texts, a stream and a certificate.
pub fn exercise(bytes: &[u8], key: &PrivateKey, out: &mut [u8]) -> Option<()> {
    let text = core::str::from_utf8(bytes).unwrap_or("v=0");
    black_box((sdp::candidate(text).ok(), sdp::candidate_v4(text).ok()));
    if let Ok(read) = Description::read(text) {
        black_box(read.candidates().count());
        black_box(&read);
    }
    describe(text, out);
    let (kind, transport) = black_box((Kind::Relayed, Transport::Tcp));
    let priority = kind.priority(black_box(7));
    let candidate = Candidate { address: address(), transport, kind, priority };
    black_box(sdp::write_candidate(&candidate, out).ok());

    let (space, frames) = out.split_at_mut_checked(black_box(8))?;
    black_box(frame(frames, |space| black_box(Some(space.len()))));
    let mut deframer = Deframer::new(space);
    let mut rest = bytes;
    while let Some(datagram) = deframer.input(&mut rest) {
        black_box(datagram);
    }
    black_box(deframer.skipped());
    deframer.reset();

    black_box(fingerprint::<Cryptography>(bytes));
    black_box(self_signed(&mut cryptography(), key, black_box(&[4; 65]), out).is_ok());
    Some(())
}

fn describe(text: &str, out: &mut [u8]) {
    let Ok(credentials) = Credentials::new(text, text) else { return };
    let fingerprint = black_box([1; 32]);
    let local = Local::new(black_box(1), &credentials, &fingerprint, black_box(1));
    let (version, setup) = black_box((1, Setup::Active));
    let candidates = black_box([text]);
    let local = Local { version, setup, mid: text, sctp_port: black_box(1), ..local };
    let local = Local { candidates: &candidates, ..local };
    black_box(local.write(out).ok());
}
