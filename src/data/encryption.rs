//! End-to-end encryption, as far as the data plane knows of it.

use super::error::SendError;
use super::local::frame;
use crate::Writer;

/// The encryption of a session: `()`, or with the feature `e2ee` `E2ee`.
pub trait Encryption: sealed::Encryption {}

impl Encryption for () {}

pub(crate) mod sealed {
    use super::{SendError, Writer};

    pub trait Encryption {
        /// Bytes that it adds to a packet in front of its content, at most.
        const HEAD: usize;

        /// Notes that what is read next is not encrypted; `false` if that is refused.
        fn takes_plain(&mut self) -> bool;

        /// Bytes that it adds after it.
        fn tail(&self) -> usize;

        /// Makes a packet, as [`frame`](super::frame): the frame, and how many of its bytes encryption has added.
        fn frame<'b>(
            &mut self,
            sequence: u32,
            to: &[&str],
            tag: u32,
            body: &dyn Fn(&mut Writer<'_>),
            buf: &'b mut [u8],
        ) -> Result<(&'b [u8], usize), SendError>;
    }
}

impl sealed::Encryption for () {
    const HEAD: usize = 0;

    #[inline(always)]
    fn takes_plain(&mut self) -> bool {
        true
    }

    #[inline(always)]
    fn tail(&self) -> usize {
        0
    }

    #[inline(always)]
    fn frame<'b>(
        &mut self,
        sequence: u32,
        to: &[&str],
        tag: u32,
        body: &dyn Fn(&mut Writer<'_>),
        buf: &'b mut [u8],
    ) -> Result<(&'b [u8], usize), SendError> {
        Ok((frame(sequence, to, tag, body, buf)?, 0))
    }
}
