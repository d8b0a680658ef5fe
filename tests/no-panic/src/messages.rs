//! One entry a message and family: its name, its size, and the functions of the codec for it.
//!
//! Every function is called through a pointer that is picked at run time, and what it works on is
//! hidden from the optimiser. So each is compiled for any bytes and any message, not for those of
//! some test.

#[cfg(feature = "borrowed")]
pub mod borrowed;
#[cfg(feature = "owned")]
pub mod owned;

pub struct Message {
    pub name: &'static str,
    pub size: usize,
    /// What can be done with it, in the order it is to be called: decoded first.
    pub functions: &'static [(&'static str, Function)],
}

/// Takes a frame, or a buffer; the length of what it encoded, 0 if that is not its business, or
/// `None` if it could not.
pub type Function = fn(Frame, &mut [u8]) -> Option<usize>;

/// A message as it was received. A borrowed one refers to it from its static.
#[derive(Clone, Copy)]
pub struct Frame {
    #[cfg_attr(not(any(feature = "owned", feature = "borrowed")), expect(dead_code))]
    pub bytes: &'static [u8],
    /// The same as the field [`WRAPPED`] of another message.
    #[cfg_attr(not(feature = "borrowed"), expect(dead_code))]
    pub wrapped: &'static [u8],
}

/// The key of field 1, which is a message.
pub const WRAPPED: u8 = 1 << 3 | 2;

/// What a function returns that encodes nothing.
#[cfg_attr(not(any(feature = "owned", feature = "borrowed")), expect(dead_code))]
fn done<E>(result: Result<(), E>) -> Option<usize> {
    result.ok().map(|()| 0)
}
