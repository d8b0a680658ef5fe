//! What each codec does with a recorded message: `decode` leaves a message all of which has been read, and says
//! whether it could; `build` makes a message, which is not measured, and returns what encodes it.

use std::hint::black_box;

use ::micropb::{MessageDecode, MessageEncode, PbEncoder};
use bumpalo::Bump;
use livekit_micro::codec::Validate;
use livekit_micro::{Decode, Encode, decode_into, to_slice, validate};
use testkit::rebuild::Rebuild;

use crate::read::ReadAll;
use crate::{Kind, Recorded};

/// Encodes one message into the buffer; returns how many bytes that takes.
pub type Encoder<'a> = Box<dyn Fn(&mut [u8]) -> usize + 'a>;

/// Calls a function for the message of that kind.
macro_rules! of_kind {
    ($types:path, $recorded:ident, $call:ident $args:tt) => {{
        use $types::{DataPacket, SignalRequest, SignalResponse};
        match $recorded.kind {
            Kind::DataPacket => $call::<DataPacket> $args,
            Kind::SignalRequest => $call::<SignalRequest> $args,
            Kind::SignalResponse => $call::<SignalResponse> $args,
        }
    }};
}

pub mod borrowed {
    use super::*;

    #[inline(never)]
    pub fn decode(recorded: &Recorded) -> bool {
        fn all<'a, M: Decode<'a> + Default + ReadAll>(bytes: &'a [u8]) -> bool {
            let mut message = M::default();
            decode_into(&mut message, bytes).and_then(|()| message.read_all()).is_ok()
        }
        of_kind!(livekit_micro::borrowed, recorded, all(&recorded.bytes))
    }

    /// The outermost message alone: its submessages are not decoded.
    #[inline(never)]
    pub fn decode_outermost(recorded: &Recorded) -> bool {
        fn outermost<'a, M: Decode<'a> + Default>(bytes: &'a [u8]) -> bool {
            let mut message = M::default();
            let result = decode_into(&mut message, bytes);
            black_box(&message);
            result.is_ok()
        }
        of_kind!(livekit_micro::borrowed, recorded, outermost(&recorded.bytes))
    }

    /// Everything is read by the library, and forgotten.
    #[inline(never)]
    pub fn decode_validated(recorded: &Recorded) -> bool {
        fn validated<'a, M: Decode<'a> + Validate<'a>>(bytes: &'a [u8]) -> bool {
            let mut message = M::default();
            decode_into(&mut message, bytes).and_then(|()| validate(&message)).is_ok()
        }
        of_kind!(livekit_micro::borrowed, recorded, validated(&recorded.bytes))
    }

    /// A message put together by a program.
    pub fn build<'a>(recorded: &'a Recorded, arena: &'a Bump) -> Encoder<'a> {
        fn built<'a, M>(bytes: &'a [u8], arena: &'a Bump) -> Encoder<'a>
        where
            M: Decode<'a> + Encode + Default + Rebuild<'a> + 'a,
        {
            let mut message = M::default();
            decode_into(&mut message, bytes).expect("it has been decoded before");
            encoder(message.rebuild(arena).expect("it has been read before"))
        }
        of_kind!(livekit_micro::borrowed, recorded, built(&recorded.bytes, arena))
    }

    /// A message as it was received: its submessages are forwarded as bytes.
    pub fn receive(recorded: &Recorded) -> Encoder<'_> {
        fn received<'a, M: Decode<'a> + Encode + Default + 'a>(bytes: &'a [u8]) -> Encoder<'a> {
            let mut message = M::default();
            decode_into(&mut message, bytes).expect("it has been decoded before");
            encoder(message)
        }
        of_kind!(livekit_micro::borrowed, recorded, received(&recorded.bytes))
    }
}

pub mod owned {
    use super::*;

    #[inline(never)]
    pub fn decode(recorded: &Recorded) -> bool {
        fn all<'a, M: Decode<'a> + Default>(bytes: &'a [u8]) -> bool {
            let mut message = M::default();
            let result = decode_into(&mut message, bytes);
            black_box(&message);
            result.is_ok()
        }
        of_kind!(livekit_micro::owned, recorded, all(&recorded.bytes))
    }

    pub fn build(recorded: &Recorded) -> Encoder<'_> {
        fn built<'a, M: Decode<'a> + Encode + Default + 'a>(bytes: &'a [u8]) -> Encoder<'a> {
            let mut message = M::default();
            decode_into(&mut message, bytes).expect("it has been decoded before");
            encoder(message)
        }
        of_kind!(livekit_micro::owned, recorded, built(&recorded.bytes))
    }
}

fn encoder<'a, M: Encode + 'a>(message: M) -> Encoder<'a> {
    Box::new(move |buf| to_slice(&message, buf).expect("the buffer is large enough").len())
}

pub mod prost {
    use ::prost::Message;

    use super::*;

    #[inline(never)]
    pub fn decode(recorded: &Recorded) -> bool {
        fn all<M: Message + Default>(bytes: &[u8]) -> bool {
            M::decode(bytes).map(black_box).is_ok()
        }
        of_kind!(testkit::prost_schema, recorded, all(&recorded.bytes))
    }

    pub fn build(recorded: &Recorded) -> Encoder<'_> {
        fn built<'a, M: Message + Default + 'a>(bytes: &[u8]) -> Encoder<'a> {
            let message = M::decode(bytes).expect("it has been decoded before");
            Box::new(move |mut buf| {
                let len = buf.len();
                message.encode(&mut buf).expect("the buffer is large enough");
                len - buf.len()
            })
        }
        of_kind!(testkit::prost_schema, recorded, built(&recorded.bytes))
    }
}

pub mod micropb {
    use super::*;

    #[inline(never)]
    pub fn decode(recorded: &Recorded) -> bool {
        fn all<M: MessageDecode + Default>(bytes: &[u8]) -> bool {
            let mut message = M::default();
            let result = message.decode_from_bytes(bytes);
            black_box(&message);
            result.is_ok()
        }
        of_kind!(measure_micropb::messages, recorded, all(&recorded.bytes))
    }

    pub fn build(recorded: &Recorded) -> Encoder<'_> {
        fn built<'a, M: MessageDecode + MessageEncode + Default + 'a>(bytes: &[u8]) -> Encoder<'a> {
            let mut message = Box::new(M::default());
            message.decode_from_bytes(bytes).expect("it has been decoded before");
            Box::new(move |buf| {
                let len = buf.len();
                let mut rest = buf;
                message.encode(&mut PbEncoder::new(&mut rest)).expect("the buffer is large enough");
                len - rest.len()
            })
        }
        of_kind!(measure_micropb::messages, recorded, built(&recorded.bytes))
    }
}
