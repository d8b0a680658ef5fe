//! `Debug` and `defmt::Format` without the content of packets, as of messages: logs show its length.

use core::fmt;

#[cfg(feature = "e2ee")]
use super::Opened;
use super::{
    Answer, Data, Event, Invocation, PerformRpc, Received, Replies, RpcError, StreamInfo,
    StreamPart,
};
use crate::codec::fmt::bytes;

/// Implements `Debug` with these fields and the lengths of those.
macro_rules! debug {
    ($($name:ident: $($shown:ident)*; $($long:ident)*;)*) => {$(
        impl fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($shown), &self.$shown))*
                    $(.field(stringify!($long), &bytes(self.$long.len())))*
                    .finish()
            }
        }

        #[cfg(feature = "defmt")]
        impl defmt::Format for $name<'_> {
            fn format(&self, f: defmt::Formatter<'_>) {
                defmt::write!(f, "{=str} {{ ", stringify!($name));
                $(defmt::write!(f, "{=str}: {}, ", stringify!($shown), self.$shown);)*
                $(defmt::write!(f, "{=str}: {=usize} bytes ", stringify!($long), self.$long.len());)*
                defmt::write!(f, "}}");
            }
        }
    )*};
}

debug! {
    Data: topic to; payload;
    Received: from topic; payload;
    Invocation: caller method response_timeout_ms; payload;
    PerformRpc: destination_identity method response_timeout_ms; payload;
    RpcError: code message; data;
    StreamPart: stream topic opened offset closed; content;
    StreamInfo: from is_text total_length is_compressed response_to; body;
}

#[cfg(feature = "e2ee")]
debug! { Opened: from; payload; }

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let result = self.result.map(|payload| bytes(payload.len()));
        f.debug_struct("Answer").field("call", &self.call).field("result", &result).finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Answer<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        match self.result {
            Ok(payload) => {
                defmt::write!(f, "Answer {{ call: {}, {=usize} bytes }}", self.call, payload.len())
            }
            Err(error) => defmt::write!(f, "Answer {{ call: {}, {} }}", self.call, error),
        }
    }
}

impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(it) => it.fmt(f),
            Self::Call(it) => it.fmt(f),
            Self::Answer(it) => it.fmt(f),
            Self::Stream(it) => it.fmt(f),
            Self::Other(frame) => f.debug_tuple("Other").field(&bytes(frame.len())).finish(),
            #[cfg(feature = "participant")]
            Self::Relayed { channel, packet } => f
                .debug_struct("Relayed")
                .field("channel", channel)
                .field("packet", &bytes(packet.len()))
                .finish(),
            #[cfg(feature = "e2ee")]
            Self::Refused(it) => it.fmt(f),
            #[cfg(feature = "e2ee")]
            Self::Opened(it) => it.fmt(f),
        }
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Event<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        match self {
            Self::Data(it) => it.format(f),
            Self::Call(it) => it.format(f),
            Self::Answer(it) => it.format(f),
            Self::Stream(it) => it.format(f),
            Self::Other(frame) => defmt::write!(f, "Other({=usize} bytes)", frame.len()),
            #[cfg(feature = "participant")]
            Self::Relayed { channel, packet } => {
                defmt::write!(f, "Relayed({}, {=usize} bytes)", channel, packet.len());
            }
            #[cfg(feature = "e2ee")]
            Self::Refused(it) => it.format(f),
            #[cfg(feature = "e2ee")]
            Self::Opened(it) => it.format(f),
        }
    }
}

impl fmt::Debug for Replies<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.map(|frame| bytes(frame.len()))).finish()
    }
}
