//! One static per message of each family, as large as the message and called like it. A library for
//! bare metal cannot print, but its symbol table can be read.
#![no_std]

macro_rules! sizes {
    ($($name:literal => $($path:ident)::+,)*) => {
        $(
            size!($name, livekit_micro::owned::$($path)::+);
            size!(concat!("borrowed.", $name), livekit_micro::borrowed::$($path)::+);
        )*
    };
}

macro_rules! size {
    ($name:expr, $message:ty) => {
        const _: () = {
            // SAFETY: no other symbol holds a dot after "livekit", "google" or "borrowed".
            #[unsafe(export_name = $name)]
            static SIZE: [u8; size_of::<$message>()] = [0; size_of::<$message>()];
        };
    };
}

livekit_micro::for_each_message!(sizes);
