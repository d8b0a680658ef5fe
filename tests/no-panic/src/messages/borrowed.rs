//! The messages that refer to what they hold.

use core::hint::black_box;

use livekit_micro::codec::{self, Element};
use livekit_micro::{
    Item, Reader, borrowed, decode_into, encoded_len, from_bytes, to_slice, validate,
};
#[cfg(feature = "store")]
use livekit_micro::{copy_from, owned};

use super::{Message, WRAPPED, done};

macro_rules! messages {
    ($($name:literal => $($path:ident)::+,)*) => {
        pub static MESSAGES: &[Message] = &[$({
            // Some of them have a lifetime, and those of only numbers have none.
            static mut PLACE: Option<borrowed::$($path)::+> = None;
            static mut ITEM: Option<Item<borrowed::$($path)::+>> = None;
            #[cfg(feature = "store")]
            static mut OWNED: owned::$($path)::+ = owned::$($path)::+::new();

            Message {
                name: $name,
                size: size_of::<borrowed::$($path)::+>(),
                functions: &[
                    // SAFETY (here and below): one thread, and the reference ends with the call.
                    ("decode_into", |frame, _| {
                        let place = unsafe { &mut *black_box(&raw mut PLACE) };
                        done(decode_into(place.get_or_insert_default(), frame.bytes))
                    }),
                    ("from_bytes", |frame, _| {
                        let message = from_bytes::<borrowed::$($path)::+>(frame.bytes);
                        black_box(&message).as_ref().ok().map(|_| 0)
                    }),
                    ("encoded_len", |_, _| {
                        let place = unsafe { &*black_box(&raw const PLACE) };
                        place.as_ref().map(encoded_len)
                    }),
                    ("to_slice", |_, buf| {
                        let place = unsafe { &*black_box(&raw const PLACE) };
                        let frame = to_slice(place.as_ref()?, buf);
                        frame.ok().map(|frame| black_box(frame).len())
                    }),
                    // A received submessage, as a `Submessage` is one, and a message of a list or map.
                    ("take", |frame, _| {
                        let mut item = <borrowed::$($path)::+ as Element<'_, codec::Message>>::default_value();
                        let mut reader = Reader::new(frame.wrapped);
                        reader.fields(|r, key| {
                            if key == u32::from(WRAPPED) {
                                <borrowed::$($path)::+ as Element<'_, codec::Message>>::decode(&mut item, r);
                            }
                        });
                        unsafe { *black_box(&raw mut ITEM) = Some(item) };
                        done(reader.finish())
                    }),
                    ("read_into", |_, _| {
                        let item = unsafe { &*black_box(&raw const ITEM) };
                        let place = unsafe { &mut *black_box(&raw mut PLACE) };
                        let got = item.as_ref()?.read_into(place.get_or_insert_default());
                        black_box(got).ok().map(|_| 0)
                    }),
                    ("read", |_, _| {
                        let item = unsafe { &*black_box(&raw const ITEM) };
                        let message = item.as_ref()?.read();
                        black_box(&message).as_ref().ok().map(|_| 0)
                    }),
                    ("validate", |_, _| {
                        let place = unsafe { &*black_box(&raw const PLACE) };
                        done(validate(place.as_ref()?))
                    }),
                    #[cfg(feature = "store")]
                    ("copy_from", |_, _| {
                        let place = unsafe { &*black_box(&raw const PLACE) };
                        let owned = unsafe { &mut *black_box(&raw mut OWNED) };
                        done(copy_from(owned, place.as_ref()?))
                    }),
                ],
            }
        }),*];
    };
}

livekit_micro::for_each_message!(messages);
