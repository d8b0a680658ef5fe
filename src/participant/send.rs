//! What a participant sends.

use livekit_micro_peer::Crypto;

use super::{DataPlane, Participant, SendError};
use crate::EncodeError;
use crate::borrowed::SignalRequest;
use crate::data::{
    self, CallId, Caller, Channel, Data, Encryption, Keep, PerformRpc, Rpc, RpcError, Session,
    Streams,
};

/// A frame is made only where there is space for so many bytes, or for the longest: otherwise a stream would be cut into
/// tiny chunks, and an acknowledgement would find no space.
const ROOM: usize = 1_200;

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
        let (number, room) = self.begin_send(channel, now_ms)?;
        let space = self.frame.get_mut(..room).unwrap_or_default();
        match make(&mut self.session, space) {
            Ok((made, frame)) => {
                // There is room, and the channel is open.
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
        let wanted = self.longest().min(ROOM);
        let room = self.peer.room(wanted.saturating_add(D::REPLY_BYTES));
        let room = room.saturating_sub(D::REPLY_BYTES);
        let is_flushed = self.replies.iter().all(|(_, len)| *len == 0);
        if room < wanted || !is_flushed {
            return Err(SendError::Full);
        }
        Ok((number, room.min(self.frame.len())))
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
        // There is none now; the caller hears of it when there is.
        self.peer.room(needed.saturating_add(D::REPLY_BYTES));
        SendError::Full
    }

    /// The longest frame that is ever sent.
    fn longest(&self) -> usize {
        self.peer.longest().saturating_sub(D::REPLY_BYTES).min(self.frame.len())
    }

    /// Makes a request to the server, at the end of `buf`, which has 8 bytes more than the request: attributes, data
    /// tracks. Send it over the connection to the server.
    ///
    /// # Errors
    /// [`EncodeError`]; `Ok(None)` while there is no connection.
    pub fn request<'b>(
        &mut self,
        request: &SignalRequest<'_>,
        buf: &'b mut [u8],
    ) -> Result<Option<&'b [u8]>, EncodeError> {
        if !self.signal.is_open() {
            return Ok(None);
        }
        let mut mask = [0; 4];
        self.peer.crypto().random(&mut mask);
        self.signal.request(request, mask, buf).map(Some)
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
