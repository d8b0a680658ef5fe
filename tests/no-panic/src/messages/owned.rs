//! The messages that own what they hold.

use core::hint::black_box;

use livekit_micro::{decode_into, encoded_len, owned, to_slice};

use super::{Message, done};

macro_rules! messages {
    ($($name:literal => $($path:ident)::+,)*) => {
        pub static MESSAGES: &[Message] = &[$({
            type Owned = owned::$($path)::+;

            static mut PLACE: Owned = Owned::new();

            Message {
                name: $name,
                size: size_of::<Owned>(),
                functions: &[
                    // SAFETY (here and below): one thread, and the reference ends with the call.
                    ("decode_into", |frame, _| {
                        done(decode_into(unsafe { &mut *black_box(&raw mut PLACE) }, frame.bytes))
                    }),
                    ("encoded_len", |_, _| {
                        Some(encoded_len(unsafe { &*black_box(&raw const PLACE) }))
                    }),
                    ("to_slice", |_, buf| {
                        let frame = to_slice(unsafe { &*black_box(&raw const PLACE) }, buf);
                        frame.ok().map(|frame| black_box(frame).len())
                    }),
                    #[cfg(feature = "from-bytes")]
                    ("from_bytes", |frame, _| {
                        let message = livekit_micro::from_bytes::<Owned>(frame.bytes);
                        black_box(&message).as_ref().ok().map(|_| 0)
                    }),
                ],
            }
        }),*];
    };
}

livekit_micro::for_each_message!(messages);
