//! One static per message, as large as the message and called like it. A library for bare metal
//! cannot print, but its symbol table can be read.
#![no_std]

macro_rules! sizes {
    ($($name:literal => $($path:ident)::+,)*) => {
        $(const _: () = {
            // SAFETY: no other symbol holds a dot after "livekit" or "google".
            #[unsafe(export_name = $name)]
            static SIZE: [u8; size_of::<livekit_micro::owned::$($path)::+>()] =
                [0; size_of::<livekit_micro::owned::$($path)::+>()];
        };)*
    };
}

livekit_micro::for_each_message!(sizes);
