//! One entry a message: its name, its size, and the verbs of the codec for it.
//!
//! Every verb is called through a pointer that is picked at run time, and what it works on is
//! hidden from the optimiser. So each is compiled for any bytes and any message, not for those of
//! some test.

use core::hint::black_box;

use livekit_micro::{decode_into, encoded_len, owned, to_slice};

pub struct Message {
    pub name: &'static str,
    pub size: usize,
    /// Decodes a frame into the message's static; whether it could.
    pub decode_into: fn(&[u8]) -> bool,
    /// Decodes a frame into a value of its own; whether it could.
    #[cfg(feature = "from-bytes")]
    pub from_bytes: fn(&[u8]) -> bool,
    /// How many bytes the message in the static takes on the wire.
    pub encoded_len: fn() -> usize,
    /// Encodes the message in the static; the frame's length.
    pub to_slice: fn(&mut [u8]) -> Option<usize>,
}

macro_rules! messages {
    ($($name:literal => $($path:ident)::+,)*) => {
        pub static MESSAGES: &[Message] = &[$({
            static mut PLACE: owned::$($path)::+ = owned::$($path)::+::new();
            Message {
                name: $name,
                size: size_of::<owned::$($path)::+>(),
                decode_into: |frame| {
                    // SAFETY (here and below): one thread, and the reference ends with the call.
                    let place = unsafe { &mut *black_box(&raw mut PLACE) };
                    decode_into(place, frame).is_ok()
                },
                #[cfg(feature = "from-bytes")]
                from_bytes: |frame| {
                    let message = livekit_micro::from_bytes::<owned::$($path)::+>(frame);
                    black_box(&message).is_ok()
                },
                encoded_len: || encoded_len(unsafe { &*black_box(&raw const PLACE) }),
                to_slice: |buf| {
                    let place = unsafe { &*black_box(&raw const PLACE) };
                    to_slice(place, buf).ok().map(|frame| black_box(frame).len())
                },
            }
        }),*];
    };
}

livekit_micro::for_each_message!(messages);
