//! Pairs: one message as this crate's struct and as the official crate's, from one list of fields.
//!
//! [`pair!`](crate::pair) writes both struct literals, without `..`: a field that either crate has
//! and the list has not stops the build. Since both name their fields alike, a number that differs
//! between the two crates shows as soon as the values do, so no two fields of a message that could
//! be taken for each other may have the same value.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

use livekit_micro::owned::google::protobuf;
use livekit_micro::{Decode, Encode, Map, encoded_len, from_bytes, to_slice};
use prost_reflect::prost::Message;

/// The same value for us and for them.
#[derive(Clone)]
pub struct Pair<O, T> {
    pub ours: O,
    pub theirs: T,
}

/// What can stand in a field of ours.
pub trait Ours<O> {
    fn ours(&self) -> O;
}

/// What can stand in a field of theirs.
pub trait Theirs<T> {
    fn theirs(&self) -> T;
}

/// A message of both crates: `pair!(RpcAck { request_id: "1" })`.
///
/// Where prost calls a field by a keyword, it comes after the others: `; type_ = r#type: 1`.
#[macro_export]
macro_rules! pair {
    ($($path:ident)::+ {
        $($field:ident: $value:expr),* $(,)? $(; $our_field:ident = $their_field:ident: $other:expr)?
    }) => {{
        use $crate::pair::{Ours as _, Theirs as _};
        match ($($value,)* $($other,)?) {
            ($($field,)* $($our_field,)?) => $crate::pair::Pair {
                ours: livekit_micro::owned::$($path)::+ {
                    $($field: $field.ours(),)* $($our_field: $our_field.ours())?
                },
                theirs: livekit_protocol::$($path)::+ {
                    $($field: $field.theirs(),)* $($their_field: $our_field.theirs())?
                },
            },
        }
    }};
}

/// The type of a message's pairs: `pair_type!(RpcAck)`.
#[macro_export]
macro_rules! pair_type {
    ($($path:ident)::+) => {
        $crate::pair::Pair<livekit_micro::owned::$($path)::+, livekit_protocol::$($path)::+>
    };
}

/// A value of an enum: `named!(data_packet::Kind::Lossy)`.
#[macro_export]
macro_rules! named {
    ($($path:ident)::+) => {
        $crate::pair::Pair {
            ours: livekit_micro::owned::$($path)::+,
            theirs: livekit_protocol::$($path)::+ as i32,
        }
    };
}

/// A member of a oneof, as a field takes it: `member!(data_packet::Value::User(user()))`.
#[macro_export]
macro_rules! member {
    ($($path:ident)::+ ($value:expr)) => {{
        use $crate::pair::{Ours as _, Theirs as _};
        let value = $value;
        Some($crate::pair::Pair {
            ours: livekit_micro::owned::$($path)::+(value.ours()),
            theirs: livekit_protocol::$($path)::+(value.theirs()),
        })
    }};
}

/// Each crate encodes its half, the other decodes it, and finds its own half.
#[track_caller]
pub fn agree<O, T>(Pair { ours, theirs }: Pair<O, T>)
where
    O: Encode + for<'a> Decode<'a> + PartialEq + Debug,
    T: Message + Default + PartialEq + Debug,
{
    let mut buf = vec![0; encoded_len(&ours)];
    let frame = to_slice(&ours, &mut buf).expect("the buffer is large enough");
    assert_eq!(T::decode(frame).as_ref(), Ok(&theirs), "they read ours otherwise");
    assert_eq!(from_bytes::<O>(&theirs.encode_to_vec()), Ok(ours), "we read theirs otherwise");
}

impl<O: Clone, T> Ours<O> for Pair<O, T> {
    fn ours(&self) -> O {
        self.ours.clone()
    }
}

impl<O, T: Clone> Theirs<T> for Pair<O, T> {
    fn theirs(&self) -> T {
        self.theirs.clone()
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Ours<$number> for $number {
            fn ours(&self) -> $number {
                *self
            }
        }

        impl Theirs<$number> for $number {
            fn theirs(&self) -> $number {
                *self
            }
        }
    )*};
}
numbers!(bool i32 i64 u32 u64 f32);

impl<const N: usize> Ours<livekit_micro::String<N>> for &str {
    fn ours(&self) -> livekit_micro::String<N> {
        livekit_micro::String::try_from(*self).expect("the test's texts are short")
    }
}

impl Theirs<String> for &str {
    fn theirs(&self) -> String {
        (*self).to_owned()
    }
}

impl<const M: usize, const N: usize> Ours<livekit_micro::Vec<u8, N>> for &[u8; M] {
    fn ours(&self) -> livekit_micro::Vec<u8, N> {
        livekit_micro::Vec::from_slice(*self).expect("the test's bytes are few")
    }
}

impl<const M: usize> Theirs<Vec<u8>> for &[u8; M] {
    fn theirs(&self) -> Vec<u8> {
        self.to_vec()
    }
}

impl<O, V: Ours<O>> Ours<Option<O>> for Option<V> {
    fn ours(&self) -> Option<O> {
        self.as_ref().map(V::ours)
    }
}

impl<T, V: Theirs<T>> Theirs<Option<T>> for Option<V> {
    fn theirs(&self) -> Option<T> {
        self.as_ref().map(V::theirs)
    }
}

/// A list.
impl<O, V: Ours<O>, const M: usize, const N: usize> Ours<livekit_micro::Vec<O, N>> for [V; M] {
    fn ours(&self) -> livekit_micro::Vec<O, N> {
        self.iter().map(V::ours).collect()
    }
}

impl<T, V: Theirs<T>, const M: usize> Theirs<Vec<T>> for [V; M] {
    fn theirs(&self) -> Vec<T> {
        self.iter().map(V::theirs).collect()
    }
}

/// A map.
impl<OK, OV, K, V, const M: usize, const N: usize> Ours<Map<OK, OV, N>> for [(K, V); M]
where
    K: Ours<OK>,
    V: Ours<OV>,
    OK: Eq,
{
    fn ours(&self) -> Map<OK, OV, N> {
        let mut map = Map::new();
        for (key, value) in self {
            assert!(map.insert(key.ours(), value.ours()).is_ok(), "the test's maps are small");
        }
        map
    }
}

impl<TK: Eq + Hash, TV, K: Theirs<TK>, V: Theirs<TV>, const M: usize> Theirs<HashMap<TK, TV>>
    for [(K, V); M]
{
    fn theirs(&self) -> HashMap<TK, TV> {
        self.iter().map(|(key, value)| (key.theirs(), value.theirs())).collect()
    }
}

/// A `google.protobuf.Timestamp` of a few seconds and nanoseconds.
pub struct Time(pub u8, pub u8);

impl Ours<protobuf::Timestamp> for Time {
    fn ours(&self) -> protobuf::Timestamp {
        protobuf::Timestamp { seconds: self.0.into(), nanos: self.1.into() }
    }
}

/// The crate that theirs is in is none of ours, so it comes from bytes: seconds = 1, nanos = 2.
impl<T: Message + Default> Theirs<T> for Time {
    fn theirs(&self) -> T {
        T::decode([0x08, self.0, 0x10, self.1].as_slice()).expect("a Timestamp")
    }
}
