//! Offer and answer (RFC 8829), for a first connection and for a restart of ICE.

use super::{AnswerError, OfferError, Peer, Stage};
use crate::Crypto;
use crate::certificate::fingerprint;
use crate::dtls::{Identity, State};
use crate::ice::{self, Candidate, CandidateError, Credentials, Timing};
use crate::sdp::{BufferTooSmall, Description, Local, Setup};

impl<'a, C: Crypto, const REMOTES: usize, const CHANNELS: usize> Peer<'a, C, REMOTES, CHANNELS> {
    /// Makes an offer, with new credentials of ICE: the first, or one that restarts ICE. Nothing changes before
    /// the answer to it comes. 500 bytes of buffer are enough without candidates.
    ///
    /// `candidates` are lines of [`write_candidate`](crate::sdp::write_candidate): where the other can reach this
    /// peer. A server with a public address needs none, it sees where checks come from; a browser does.
    ///
    /// # Errors
    /// [`BufferTooSmall`]
    pub fn create_offer<'b>(
        &mut self,
        identity: Identity<'a, C>,
        candidates: &[&str],
        buf: &'b mut [u8],
    ) -> Result<&'b str, BufferTooSmall> {
        self.role = ice::Role::Controlling;
        self.describe(identity, "0", candidates, buf)
    }

    /// Takes the answer to the last offer: ICE starts, or restarts if the certificates of both are the same as
    /// before and the connection stands. Otherwise the connection before is forgotten.
    ///
    /// Then add the answer's [`candidates`](Description::candidates), and those that come by themselves: one that came
    /// before its answer has to wait for it, or it is lost.
    ///
    /// # Errors
    /// [`AnswerError`]; nothing has changed then.
    pub fn accept_answer(
        &mut self,
        answer: &Description<'_>,
        now_ms: u64,
    ) -> Result<(), AnswerError<'static>> {
        if self.identity.is_none() || self.role != ice::Role::Controlling {
            return Err(AnswerError::NoOffer);
        }
        // RFC 8842, 5.3: to an offer of "active" the answer is "passive".
        if answer.setup != Setup::Passive {
            return Err(AnswerError::Setup(answer.setup));
        }
        self.begin(answer, now_ms);
        Ok(())
    }

    /// Answers an offer: ICE starts, or restarts. Then add the offer's [`candidates`](Description::candidates), and those
    /// that come by themselves.
    ///
    /// # Errors
    /// [`OfferError`]; nothing has changed then.
    pub fn create_answer<'b>(
        &mut self,
        identity: Identity<'a, C>,
        offer: &Description<'_>,
        candidates: &[&str],
        buf: &'b mut [u8],
        now_ms: u64,
    ) -> Result<&'b str, OfferError<'static>> {
        // RFC 8842, 5.3: "active" answers "actpass" and "passive".
        if offer.setup == Setup::Active {
            return Err(OfferError::Setup(offer.setup));
        }
        let text = self
            .describe(identity, offer.mid, candidates, buf)
            .map_err(OfferError::BufferTooSmall)?;
        // RFC 8445, 6.1.1: the side that offers is controlling, unless it is lite.
        self.role = if offer.is_lite { ice::Role::Controlling } else { ice::Role::Controlled };
        self.begin(offer, now_ms);
        Ok(text)
    }

    /// Adds a candidate of the other's. The socket must be able to send to it.
    ///
    /// # Errors
    /// [`CandidateError`]; nothing has changed then.
    pub fn add_ice_candidate(&mut self, candidate: &Candidate) -> Result<(), CandidateError> {
        self.agent.add_remote(candidate)
    }

    #[inline(never)]
    fn describe<'b>(
        &mut self,
        identity: Identity<'a, C>,
        mid: &str,
        candidates: &[&str],
        buf: &'b mut [u8],
    ) -> Result<&'b str, BufferTooSmall> {
        if self.version == 0 {
            let mut random = [0; 8];
            self.crypto.random(&mut random);
            self.session_id = u64::from_be_bytes(random);
        }
        self.version = self.version.wrapping_add(1);
        self.local = Credentials::generate(&mut self.crypto);
        let fingerprint = fingerprint::<C>(identity.certificate);
        self.identity = Some(identity);
        let local = Local::new(self.session_id, &self.local, &fingerprint, self.receive_bytes);
        Local { version: self.version, mid, candidates, ..local }.write(buf)
    }

    #[inline(never)]
    fn begin(&mut self, remote: &Description<'_>, now_ms: u64) {
        let Description { credentials, fingerprint, sctp_port, max_message_size, .. } = remote;
        // RFC 8842, 3.1: another fingerprint, of either end, is another DTLS association.
        let certificate = self.identity.as_ref().map_or(&[][..], |identity| identity.certificate);
        let is_same = *fingerprint == self.fingerprint
            && self.client.has_certificate(certificate)
            && matches!(self.stage, Stage::Dtls | Stage::Sctp)
            && !matches!(self.client.state(), State::Closed(_));
        (self.sctp_port, self.max_message_bytes) = (*sctp_port, *max_message_size);
        if is_same {
            self.agent.restart(&mut self.crypto, &self.local, credentials, now_ms);
            return;
        }
        // What the association before says, or is to be told, would be taken for the new one's.
        self.client.forget();
        self.channels.forget();
        self.fingerprint = *fingerprint;
        let timing = self.timing.unwrap_or(Timing::DEFAULT);
        let role = self.role;
        self.agent.start(&mut self.crypto, role, &self.local, credentials, timing, now_ms);
        self.stage = Stage::Ice;
    }
}
