//! What a hostile server does otherwise.

use super::hello::ClientHello;
use super::wire::{Message, Record};

/// Functions that change what the server sends. At first each changes nothing.
pub struct Deviations {
    /// A cookie for this hello: it is answered with a HelloVerifyRequest.
    pub cookie: Cookie,
    /// ServerKeyExchange's params before they are signed, and the bytes that are signed.
    pub params: Change,
    pub signed: Change,
    /// The messages of a flight: the server's transcript has them as they are afterwards.
    pub messages: ChangeMessages,
    /// Its records before encryption: the server's transcript does not know of changes. The number counts
    /// retransmissions.
    pub records: ChangeEach<Record>,
    /// Its datagrams.
    pub datagrams: ChangeEach<Vec<u8>>,
}

pub type Cookie = Box<dyn FnMut(&ClientHello) -> Option<Vec<u8>>>;
pub type Change = Box<dyn FnMut(&mut Vec<u8>)>;
pub type ChangeMessages = Box<dyn FnMut(Flight, &mut Vec<Message>)>;
pub type ChangeEach<T> = Box<dyn FnMut(Flight, u32, &mut Vec<T>)>;

/// What a server sends at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flight {
    /// HelloVerifyRequest: flight 2 of RFC 6347, 4.2.4.
    Verify,
    /// ServerHello to ServerHelloDone: flight 4.
    Hello,
    /// ChangeCipherSpec, Finished: flight 6.
    Finish,
    /// After the handshake.
    Data,
}

impl Default for Deviations {
    fn default() -> Self {
        Self {
            cookie: Box::new(|hello| (hello.cookie != COOKIE).then(|| COOKIE.to_vec())),
            params: Box::new(|_| ()),
            signed: Box::new(|_| ()),
            messages: Box::new(|_, _| ()),
            records: Box::new(|_, _, _| ()),
            datagrams: Box::new(|_, _, _| ()),
        }
    }
}

const COOKIE: [u8; 20] = *b"a cookie of 20 bytes";
