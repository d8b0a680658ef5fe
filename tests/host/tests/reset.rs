//! Decoding into a message and copying into one leave nothing of what it held before.

#![cfg(feature = "peers")]

use std::thread;

use livekit_micro::codec::CopyFrom;
use livekit_micro::{Decode, Encode, borrowed, copy_from, decode_into, encoded_len, owned};
use prost_reflect::prost::Message;
use testkit::peer::{OWNED, POOL};
use testkit::random;

/// Values of each message type: the empty one, the full one and some more.
const VALUES: usize = 4;

#[test]
fn every_message_is_reset_before_it_is_decoded_into_or_copied_into() {
    // In a debug build a message is on the stack several times before it is in its box.
    let largest = OWNED.iter().map(|peer| peer.size).max().expect("there are messages");
    let worker = thread::Builder::new().stack_size((8 << 20) + 8 * largest);
    worker.spawn(every_message).expect("the system has threads").join().expect("all are reset");
}

fn every_message() {
    macro_rules! check {
        ($($name:literal => $($path:ident)::+,)*) => {
            $(for full in encodings($name) {
                decoded::<owned::$($path)::+>($name, &full);
                decoded::<borrowed::$($path)::+>($name, &full);
                copied::<borrowed::$($path)::+, owned::$($path)::+>($name, &full);
            })*
        };
    }
    livekit_micro::for_each_message!(check);
}

fn encodings(name: &str) -> impl Iterator<Item = Vec<u8>> {
    let descriptor = POOL.get_message_by_name(name).expect("ours are the schema's");
    (0..VALUES).map(move |index| random::message(&descriptor, index).encode_to_vec())
}

fn decoded<'a, M: Decode<'a> + Encode + Default>(name: &str, full: &'a [u8]) {
    let mut message = Box::<M>::default();
    decode_into(&mut *message, full).expect("prost's encoding is valid");
    decode_into(&mut *message, b"").expect("an empty message is valid");
    assert_eq!(encoded_len(&*message), 0, "{name}: decode_into keeps something");
}

fn copied<'a, B, M>(name: &str, full: &'a [u8])
where
    B: Decode<'a> + Default,
    M: CopyFrom<'a, B> + Encode + Default,
{
    let (mut message, mut from) = (Box::<M>::default(), B::default());
    decode_into(&mut from, full).expect("prost's encoding is valid");
    copy_from(&mut *message, &from).expect("it is within the capacities");
    copy_from(&mut *message, &B::default()).expect("an empty message can be copied");
    assert_eq!(encoded_len(&*message), 0, "{name}: copy_from keeps something");
}
