//! What a device on a line sends.

use super::{Link, SendError, record};
use crate::data::{
    self, CallId, Caller, Calls, Channel, Data, DataPlane, Encryption, Keep, PerformRpc, Rpc,
    RpcError, Session, Streams,
};

/// A frame is made only where there is space for so many bytes, or for the longest: otherwise a stream would be cut into
/// tiny chunks.
const SPACE: usize = 1_200;

impl<'a, D: DataPlane> Link<'a, D> {
    /// Sends a frame that `make` makes with the session, in the buffer that it gets: user packets, responses, calls,
    /// parts of streams. Whole or not at all: what is refused has used up no number.
    ///
    /// Both channels travel on the line without loss.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn send<T>(
        &mut self,
        channel: Channel,
        make: impl for<'b> FnOnce(&mut D, &'b mut [u8]) -> Result<(T, &'b [u8]), data::SendError>,
    ) -> Result<T, SendError> {
        let len = self.begin_send()?;
        let space = self.frame.get_mut(..len).unwrap_or_default();
        match make(&mut self.session, space) {
            Ok((made, frame)) => {
                let is_sent = self.line.ring.push(kind(channel), &[frame]);
                if is_sent { Ok(made) } else { Err(SendError::Full) }
            }
            Err(error) => Err(self.not_made(error)),
        }
    }

    /// How many bytes there are for a frame.
    #[inline(never)]
    fn begin_send(&mut self) -> Result<usize, SendError> {
        if !self.is_connected() {
            return Err(SendError::NotConnected);
        }
        let wanted = self.longest().min(SPACE);
        let space = self.space();
        if space < wanted {
            self.wanted = wanted;
            return Err(SendError::Full);
        }
        Ok(space.min(self.frame.len()))
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
        self.wanted = needed;
        SendError::Full
    }

    /// Bytes of a frame that there is space for, beside the replies to a call.
    pub(super) fn space(&self) -> usize {
        self.line.ring.space().saturating_sub(Self::REPLIES)
    }

    /// The longest frame that is ever sent.
    fn longest(&self) -> usize {
        self.line.ring.longest().saturating_sub(Self::REPLIES).min(self.frame.len())
    }

    /// An acknowledgement and a refusal.
    const REPLIES: usize = match D::REPLY_BYTES {
        0 => 0,
        bytes => bytes + 2 * record::HEAD_BYTES,
    };
}

/// The record that carries packets of a channel.
pub(super) fn kind(channel: Channel) -> u8 {
    match channel {
        Channel::Reliable => record::RELIABLE,
        Channel::Lossy => record::LOSSY,
    }
}

impl<'a, S: Streams, R: Calls, K: Keep, E: Encryption, const SENDERS: usize>
    Link<'a, Session<S, R, K, E, SENDERS>>
where
    Session<S, R, K, E, SENDERS>: DataPlane,
{
    /// Sends a user packet that arrives once and in order.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn publish_data(&mut self, data: &Data<'_>) -> Result<(), SendError> {
        self.send(Channel::Reliable, |session, buf| Ok(((), session.publish_data(data, buf)?)))
    }

    /// Sends a user packet that may be lost, in the room.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn publish_lossy_data(&mut self, data: &Data<'_>) -> Result<(), SendError> {
        self.send(Channel::Lossy, |session, buf| Ok(((), session.publish_lossy_data(data, buf)?)))
    }
}

impl<
    'a,
    S: Streams,
    K: Keep,
    E: Encryption,
    const SENDERS: usize,
    const CALLS: usize,
    const V2: bool,
> Link<'a, Session<S, Rpc<CALLS, V2>, K, E, SENDERS>>
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
    ) -> Result<(), SendError> {
        self.send(Channel::Reliable, |session, buf| Ok(((), session.respond(caller, result, buf)?)))
    }

    /// Calls a method of another participant; its [`Answer`](crate::data::Answer) comes as an event. `random` is from
    /// the device's generator.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn perform_rpc(
        &mut self,
        call: &PerformRpc<'_>,
        random: [u8; 16],
        now_ms: u64,
    ) -> Result<CallId, SendError> {
        self.send(Channel::Reliable, |session, buf| session.perform_rpc(call, random, now_ms, buf))
    }
}
