//! What a participant sends.

use livekit_micro_peer::Crypto;

use super::{DataPlane, Participant, SendError};
use crate::data::track::{DATAGRAM_PACKET_BYTES, FrameWriter};
use crate::data::{
    self, CallId, Caller, Channel, Data, Encryption, Keep, PerformRpc, Rpc, RpcError, Session,
    Streams,
};

/// A frame is made only where there is space for so many bytes, or for the longest: otherwise a stream would be cut into
/// tiny chunks, and an acknowledgement would find no space.
const SPACE: usize = 1_200;

impl<'a, C: Crypto, D: DataPlane> Participant<'a, C, D> {
    /// Sends a frame that `make` makes with the session, in the buffer that it gets: user packets, responses, calls,
    /// parts of streams. Whole or not at all: what is refused has used up no number.
    ///
    /// ```
    /// # use livekit_micro::data::{Channel, Session, StreamOptions, StreamWriter};
    /// # use livekit_micro::participant::{Participant, SendError, peer::RustCrypto};
    /// # type Device = Participant<'static, RustCrypto<fn(&mut [u8])>, Session>;
    /// # fn send(participant: &mut Device, random: [u8; 16], now_ms: u64) -> Result<(), SendError> {
    /// let options = StreamOptions { topic: "log", ..StreamOptions::default() };
    /// let mut stream = participant.send(Channel::Reliable, now_ms, |session, buf| {
    ///     session.local.stream_text(&options, random, buf)
    /// })?;
    /// let mut rest = &b"booted"[..];
    /// participant.send(Channel::Reliable, now_ms, |session, buf| {
    ///     Ok(((), stream.write(&mut session.local, &mut rest, buf)?))
    /// })?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn send<T>(
        &mut self,
        channel: Channel,
        now_ms: u64,
        make: impl for<'b> FnOnce(&mut D, &'b mut [u8]) -> Result<(T, &'b [u8]), data::SendError>,
    ) -> Result<T, SendError> {
        let (number, len) = self.begin_send(channel, now_ms)?;
        let space = self.frame.get_mut(..len).unwrap_or_default();
        match make(&mut self.session, space) {
            Ok((made, frame)) => {
                // There is space, and the channel is open.
                let sent = self.peer.send(number, &[frame], now_ms);
                sent.map_err(|_| SendError::NotConnected).map(|()| made)
            }
            Err(error) => Err(self.not_made(error)),
        }
    }

    /// The number of the channel, and how many bytes there are for a frame.
    #[inline(never)]
    fn begin_send(&mut self, channel: Channel, now_ms: u64) -> Result<(u16, usize), SendError> {
        let number = match channel {
            Channel::Reliable => self.channels.reliable,
            Channel::Lossy => self.channels.lossy,
        };
        let number = number.filter(|_| self.is_connected());
        let number = number.ok_or(SendError::NotConnected)?;
        self.flush_replies(now_ms);
        let wanted = self.longest().min(SPACE);
        let space = self.peer.room(wanted.saturating_add(D::REPLY_BYTES));
        let space = space.saturating_sub(D::REPLY_BYTES);
        let is_flushed = self.replies.iter().all(|(_, len)| *len == 0);
        if space < wanted || !is_flushed {
            return Err(SendError::Full);
        }
        Ok((number, space.min(self.frame.len())))
    }

    #[cold]
    fn not_made(&mut self, error: data::SendError) -> SendError {
        let data::SendError::BufferTooSmall { needed, .. } = error else {
            return SendError::Data(error);
        };
        let max = self.longest();
        if needed > max {
            return SendError::TooLong { needed, max };
        }
        // There is no space now; `Writable` says when there is.
        self.peer.room(needed.saturating_add(D::REPLY_BYTES));
        SendError::Full
    }

    /// The longest frame that is ever sent.
    fn longest(&self) -> usize {
        self.peer.longest().saturating_sub(D::REPLY_BYTES).min(self.frame.len())
    }

    /// Sends the next packet of a frame of a data track: of `rest`, which is the frame or a part of it, and is taken off.
    /// `Ok(false)` when there is no more. The track is published, and the channel open:
    /// [`Event::DataTrackPublished`](super::Event::DataTrackPublished) came.
    ///
    /// A packet has [`DATAGRAM_PACKET_BYTES`] at most. Data tracks are for values that are soon out of date: if there is no
    /// space, drop the frame.
    ///
    /// ```
    /// # use livekit_micro::data::Session;
    /// # use livekit_micro::data::track::{FrameInfo, Packetizer};
    /// # use livekit_micro::participant::{Participant, SendError, peer::RustCrypto};
    /// # type Device = Participant<'static, RustCrypto<fn(&mut [u8])>, Session>;
    /// # fn send(participant: &mut Device, track: &mut Packetizer, sample: &[u8], now_ms: u64) -> Result<(), SendError> {
    /// let info = FrameInfo { timestamp: (now_ms as u32).wrapping_mul(90), ..FrameInfo::default() };
    /// let (mut frame, mut rest) = (track.begin(sample.len(), &info), sample);
    /// while participant.send_data_track(&mut frame, &mut rest, now_ms)? {}
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`SendError::NotConnected`], [`SendError::Full`]; [`SendError::Data`] if the frame is too long.
    pub fn send_data_track(
        &mut self,
        frame: &mut FrameWriter<'_>,
        rest: &mut &[u8],
        now_ms: u64,
    ) -> Result<bool, SendError> {
        let number = self.channels.tracks.filter(|_| self.is_connected());
        let number = number.ok_or(SendError::NotConnected)?;
        self.flush_replies(now_ms);
        let is_flushed = self.replies.iter().all(|(_, len)| *len == 0);
        let len = self.frame.len().min(DATAGRAM_PACKET_BYTES);
        if !is_flushed || self.peer.room(len) < len {
            return Err(SendError::Full);
        }
        let space = self.frame.get_mut(..len).unwrap_or_default();
        let Some(packet) = frame.write(rest, space).map_err(SendError::Data)? else {
            return Ok(false);
        };
        let sent = self.peer.send(number, &[packet], now_ms);
        sent.map_err(|_| SendError::NotConnected).map(|()| true)
    }
}

impl<'a, C: Crypto, S: Streams, R: data::Calls, K: Keep, E: Encryption, const SENDERS: usize>
    Participant<'a, C, Session<S, R, K, E, SENDERS>>
where
    Session<S, R, K, E, SENDERS>: DataPlane,
{
    /// Sends a user packet that arrives once and in order.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn publish_data(&mut self, data: &Data<'_>, now_ms: u64) -> Result<(), SendError> {
        self.send(Channel::Reliable, now_ms, |session, buf| {
            Ok(((), session.publish_data(data, buf)?))
        })
    }

    /// Sends a user packet that may be lost.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn publish_lossy_data(&mut self, data: &Data<'_>, now_ms: u64) -> Result<(), SendError> {
        self.send(Channel::Lossy, now_ms, |session, buf| {
            Ok(((), session.publish_lossy_data(data, buf)?))
        })
    }
}

impl<
    'a,
    C: Crypto,
    S: Streams,
    K: Keep,
    E: Encryption,
    const SENDERS: usize,
    const CALLS: usize,
    const V2: bool,
> Participant<'a, C, Session<S, Rpc<CALLS, V2>, K, E, SENDERS>>
where
    Session<S, Rpc<CALLS, V2>, K, E, SENDERS>: DataPlane,
{
    /// Responds to a call.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn respond(
        &mut self,
        caller: &Caller<'_>,
        result: Result<&str, RpcError<'_>>,
        now_ms: u64,
    ) -> Result<(), SendError> {
        self.send(Channel::Reliable, now_ms, |session, buf| {
            Ok(((), session.respond(caller, result, buf)?))
        })
    }

    /// Calls a method of another participant; its [`Answer`](crate::data::Answer) comes as an event.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn perform_rpc(&mut self, call: &PerformRpc<'_>, now_ms: u64) -> Result<CallId, SendError> {
        let mut random = [0; 16];
        self.peer.crypto().random(&mut random);
        self.send(Channel::Reliable, now_ms, |session, buf| {
            session.perform_rpc(call, random, now_ms, buf)
        })
    }
}
