//! What carries the data of a participant, or of a device on a line.

use super::{Calls, Channel, Event, Keep, Replies, Session, StreamPart, Streams, Unreceived};
use crate::DecodeError;
#[cfg(feature = "e2ee")]
use crate::e2ee::{Cipher, E2ee, KeyProvider};

/// What carries a participant's data: a [`Session`], with whatever parts, or a `Relay`.
pub trait DataPlane: sealed::DataPlane {}

impl<S: Streams, R: Calls, K: Keep, const SENDERS: usize> DataPlane
    for Session<S, R, K, (), SENDERS>
{
}

#[cfg(feature = "e2ee")]
impl<S: Streams, R: Calls, K: Keep, P: KeyProvider, C: Cipher, const SENDERS: usize> DataPlane
    for Session<S, R, K, E2ee<P, C>, SENDERS>
{
}

pub(crate) mod sealed {
    use super::{Channel, DecodeError, Event, Replies, StreamPart, Unreceived};

    pub trait DataPlane {
        /// What is announced, so that others send what this session reads.
        fn client_protocol(&self) -> u32;
        fn reads_deflate(&self) -> bool;
        /// Bytes of the memory for what is sent that frames leave free: a call is acknowledged while a stream is sent.
        const REPLY_BYTES: usize;

        fn take<'a, 'b>(
            &mut self,
            channel: Channel,
            frame: &'a mut [u8],
            now_ms: u64,
            out: &'b mut [u8],
        ) -> Result<(Option<Event<'a>>, Replies<'b>), DecodeError>;
        fn take_part<'a>(
            &mut self,
            part: &'a [u8],
            is_first: bool,
            now_ms: u64,
        ) -> Option<StreamPart<'a>>;
        fn skipped_packets(&self) -> u32;
        fn due(&mut self, now_ms: u64) -> Option<Event<'static>>;
        fn due_in(&mut self, now_ms: u64) -> Option<u32>;
        fn left(&mut self, identity: &str, sid: &str) -> Option<Event<'static>>;
        fn begin_anew(&mut self) -> Option<Event<'static>>;
        fn unreceived(&mut self, last_message_seq: u32) -> Unreceived<'_>;
        fn each_sender(&self, each: &mut dyn FnMut(&str, u32));
    }
}

/// What is the same whatever the encryption.
macro_rules! plane {
    ($($parameter:ident: $bound:path),*; $encryption:ty) => {
        impl<$($parameter: $bound,)* const SENDERS: usize> sealed::DataPlane
            for Session<S, R, K, $encryption, SENDERS>
        {
            const REPLY_BYTES: usize = if R::IS_CALLEE { 512 } else { 0 };

            #[inline(always)] // a constant
            fn client_protocol(&self) -> u32 {
                if R::IS_V2 { 2 } else { 0 }
            }

            #[inline(always)]
            fn reads_deflate(&self) -> bool {
                S::COMPRESSED
            }

            #[inline(always)] // moving an event would take `memcpy`
            fn take<'a, 'b>(
                &mut self,
                channel: Channel,
                frame: &'a mut [u8],
                now_ms: u64,
                out: &'b mut [u8],
            ) -> Result<(Option<Event<'a>>, Replies<'b>), DecodeError> {
                self.receive(channel, frame, now_ms, out)
            }

            fn take_part<'a>(
                &mut self,
                part: &'a [u8],
                is_first: bool,
                now_ms: u64,
            ) -> Option<StreamPart<'a>> {
                match is_first {
                    true => self.receive_window(part, None, now_ms),
                    false => self.receive_more(part),
                }
            }

            fn skipped_packets(&self) -> u32 {
                self.skipped()
            }

            fn due(&mut self, now_ms: u64) -> Option<Event<'static>> {
                self.poll(now_ms)
            }

            fn due_in(&mut self, now_ms: u64) -> Option<u32> {
                self.poll_in(now_ms)
            }

            fn left(&mut self, identity: &str, sid: &str) -> Option<Event<'static>> {
                self.participant_left(identity, sid)
            }

            fn begin_anew(&mut self) -> Option<Event<'static>> {
                self.reset()
            }

            fn unreceived(&mut self, last_message_seq: u32) -> Unreceived<'_> {
                self.resume(last_message_seq)
            }

            fn each_sender(&self, each: &mut dyn FnMut(&str, u32)) {
                self.receive_states().for_each(|(sid, last)| each(&sid, last));
            }
        }
    };
}

plane!(S: Streams, R: Calls, K: Keep; ());
#[cfg(feature = "e2ee")]
plane!(S: Streams, R: Calls, K: Keep, P: KeyProvider, C: Cipher; E2ee<P, C>);
