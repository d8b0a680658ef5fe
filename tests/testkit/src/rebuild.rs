//! Reading all of a borrowed message, and putting it together anew.

use bumpalo::Bump;
use bumpalo::collections::Vec;
use livekit_micro::codec::{Element, Message, Scalar, Validate};
use livekit_micro::{DecodeError, Encode, MapView, Repeated, RepeatedMessages, Submessage};

/// Something borrowed, all of which can be read and put into an arena.
pub trait Rebuild<'a>: Sized {
    fn rebuild(&self, arena: &'a Bump) -> Result<Self, DecodeError>;
}

macro_rules! values {
    ($($ty:ty)*) => {
        $(impl<'a> Rebuild<'a> for $ty {
            fn rebuild(&self, _: &'a Bump) -> Result<Self, DecodeError> {
                Ok(*self)
            }
        })*
    };
}

values!(bool i32 i64 u32 u64 f32 f64 &'a str &'a [u8]);

impl<'a, T: Rebuild<'a>> Rebuild<'a> for Option<T> {
    fn rebuild(&self, arena: &'a Bump) -> Result<Self, DecodeError> {
        self.as_ref().map(|value| value.rebuild(arena)).transpose()
    }
}

impl<'a, T: Rebuild<'a> + Validate<'a> + Encode> Rebuild<'a> for Submessage<'a, T> {
    fn rebuild(&self, arena: &'a Bump) -> Result<Self, DecodeError> {
        Ok(Submessage::from(&*arena.alloc(self.read()?.rebuild(arena)?)))
    }
}

impl<'a, T: Element<'a, E, Out = T>, E> Rebuild<'a> for Repeated<'a, T, E> {
    fn rebuild(&self, arena: &'a Bump) -> Result<Self, DecodeError> {
        Ok(Repeated::new(Vec::from_iter_in(self, arena).into_bump_slice()))
    }
}

impl<'a, T: Rebuild<'a> + Validate<'a>> Rebuild<'a> for RepeatedMessages<'a, T> {
    fn rebuild(&self, arena: &'a Bump) -> Result<Self, DecodeError> {
        let mut items = Vec::new_in(arena);
        for item in self {
            items.push(item.read()?.rebuild(arena)?);
        }
        Ok(RepeatedMessages::new(items.into_bump_slice()))
    }
}

impl<'a, K, V, A> Rebuild<'a> for MapView<'a, K, V, (A, Scalar)>
where
    K: Element<'a, A, Out = K>,
    V: Element<'a, Scalar, Out = V>,
{
    fn rebuild(&self, arena: &'a Bump) -> Result<Self, DecodeError> {
        Ok(MapView::new(Vec::from_iter_in(self, arena).into_bump_slice()))
    }
}

impl<'a, K, V, A> Rebuild<'a> for MapView<'a, K, V, (A, Message)>
where
    K: Element<'a, A, Out = K>,
    V: Rebuild<'a> + Validate<'a>,
{
    fn rebuild(&self, arena: &'a Bump) -> Result<Self, DecodeError> {
        let mut entries = Vec::new_in(arena);
        for (key, value) in self {
            entries.push((key, value.read()?.rebuild(arena)?));
        }
        Ok(MapView::new(entries.into_bump_slice()))
    }
}

macro_rules! shape {
    ($ty:ty: message $($field:ident)*) => {
        shape! { $ty, |this, arena| Self { $($field: this.$field.rebuild(arena)?),* } }
    };
    ($ty:ty: oneof $($case:ident)*) => {
        shape! { $ty, |this, arena| match this { $(Self::$case(v) => Self::$case(v.rebuild(arena)?)),* } }
    };
    ($ty:ty: number) => {
        shape! { $ty, |this, arena| *this }
    };
    ($ty:ty, |$this:ident, $arena:ident| $built:expr) => {
        impl<'a> Rebuild<'a> for $ty {
            fn rebuild(&self, $arena: &'a Bump) -> Result<Self, DecodeError> {
                let ($this, _) = (self, $arena);
                let _ = $this; // of a message without fields
                Ok($built)
            }
        }
    };
}

for_each_shape!(shape);
