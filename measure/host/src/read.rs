//! Reads every value in a borrowed message, at any depth, as a program does that wants all of it.

use std::hint::black_box;

use livekit_micro::codec::{Element, Message, Scalar, Validate};
use livekit_micro::{DecodeError, MapView, Repeated, RepeatedMessages, Submessage};

pub trait ReadAll {
    fn read_all(&self) -> Result<(), DecodeError>;
}

macro_rules! values {
    ($($ty:ty)*) => {
        $(impl ReadAll for $ty {
            #[inline(always)]
            fn read_all(&self) -> Result<(), DecodeError> {
                black_box(self);
                Ok(())
            }
        })*
    };
}

values!(bool i32 i64 u32 u64 f32 f64 &str &[u8]);

impl<T: ReadAll> ReadAll for Option<T> {
    fn read_all(&self) -> Result<(), DecodeError> {
        self.as_ref().map_or(Ok(()), T::read_all)
    }
}

impl<'a, T: ReadAll + Validate<'a>> ReadAll for Submessage<'a, T> {
    fn read_all(&self) -> Result<(), DecodeError> {
        self.read_into(&mut T::default())?.read_all()
    }
}

impl<'a, T: Element<'a, E, Out = T> + ReadAll, E> ReadAll for Repeated<'a, T, E> {
    fn read_all(&self) -> Result<(), DecodeError> {
        self.iter().try_for_each(|item| item.read_all())
    }
}

impl<'a, T: ReadAll + Validate<'a>> ReadAll for RepeatedMessages<'a, T> {
    fn read_all(&self) -> Result<(), DecodeError> {
        let mut decoded = T::default();
        self.iter().try_for_each(|item| item.read_into(&mut decoded)?.read_all())
    }
}

impl<'a, K, V, A> ReadAll for MapView<'a, K, V, (A, Scalar)>
where
    K: Element<'a, A, Out = K> + ReadAll,
    V: Element<'a, Scalar, Out = V> + ReadAll,
{
    fn read_all(&self) -> Result<(), DecodeError> {
        self.iter().try_for_each(|(key, value)| key.read_all().and(value.read_all()))
    }
}

impl<'a, K, V, A> ReadAll for MapView<'a, K, V, (A, Message)>
where
    K: Element<'a, A, Out = K> + ReadAll,
    V: ReadAll + Validate<'a>,
{
    fn read_all(&self) -> Result<(), DecodeError> {
        let mut decoded = V::default();
        self.iter().try_for_each(|(key, value)| {
            key.read_all()?;
            value.read_into(&mut decoded)?.read_all()
        })
    }
}

macro_rules! shape {
    ($ty:ty: message $($field:ident)*) => {
        shape! { $ty, |this| { $(this.$field.read_all()?;)* } }
    };
    ($ty:ty: oneof $($case:ident)*) => {
        shape! { $ty, |this| match this { $(Self::$case(value) => value.read_all()?),* } }
    };
    ($ty:ty: number) => {
        shape! { $ty, |this| { black_box(this); } }
    };
    ($ty:ty, |$this:ident| $read:expr) => {
        impl<'a> ReadAll for $ty {
            fn read_all(&self) -> Result<(), DecodeError> {
                let $this = self;
                let _ = $this; // of a message without fields
                $read;
                Ok(())
            }
        }
    };
}

testkit::for_each_shape!(shape);
