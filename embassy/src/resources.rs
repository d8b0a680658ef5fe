//! The memory of a participant.

use core::mem::MaybeUninit;

use livekit_micro::participant::Memory;
use livekit_micro::participant::peer::certificate::{SELF_SIGNED_BYTES, self_signed};
use livekit_micro::participant::peer::dtls::Identity;
use livekit_micro::participant::peer::sctp::Slot;
use livekit_micro::participant::peer::{self, Crypto};

/// The memory of a participant and of its certificate, for a static: zeros, so that it takes no flash.
///
/// `SEND` and `RECEIVE` are bytes that are not acknowledged yet, and of the longest packet; `SLOTS` are packets that
/// came before their turn, 1 212 bytes each; `FRAME` is the longest packet that is made, `REQUEST` the longest request to
/// the server: 256 bytes for a few attributes. See
/// [`livekit_micro::participant`] on what their sizes mean.
pub struct Resources<
    C: Crypto,
    const SEND: usize = 4096,
    const RECEIVE: usize = 4096,
    const SLOTS: usize = 4,
    const FRAME: usize = 1024,
    const REQUEST: usize = 0,
> {
    handshake: [u8; 1024],
    send: [u8; SEND],
    receive: [u8; RECEIVE],
    slots: [Slot; SLOTS],
    signal: [u8; 1024],
    token: [u8; 1024],
    frame: [u8; FRAME],
    request: [u8; REQUEST],
    certificate: [u8; SELF_SIGNED_BYTES],
    key: MaybeUninit<C::PrivateKey>,
}

impl<
    C: Crypto,
    const SEND: usize,
    const RECEIVE: usize,
    const SLOTS: usize,
    const FRAME: usize,
    const REQUEST: usize,
> Resources<C, SEND, RECEIVE, SLOTS, FRAME, REQUEST>
{
    /// Memory for one participant.
    pub const fn new() -> Self {
        Self {
            handshake: [0; _],
            send: [0; _],
            receive: [0; _],
            slots: [const { Slot::new() }; _],
            signal: [0; _],
            token: [0; _],
            frame: [0; _],
            request: [0; _],
            certificate: [0; _],
            key: MaybeUninit::uninit(),
        }
    }

    /// Divides it, and makes a key and its certificate: new ones at each start are as good as old ones, because
    /// signalling tells the server of them. It takes two operations of P-256.
    ///
    /// `None` if the cryptography cannot sign.
    #[inline(never)]
    pub fn divide(&mut self, crypto: &mut C) -> Option<(Memory<'_>, Identity<'_, C>)> {
        let (key, public_key) = crypto.generate();
        let key = &*self.key.write(key);
        let certificate = self_signed(crypto, key, &public_key, &mut self.certificate).ok()?;
        let memory = Memory {
            peer: peer::Memory {
                handshake: &mut self.handshake,
                send: &mut self.send,
                receive: &mut self.receive,
                slots: &mut self.slots,
            },
            signal: &mut self.signal,
            token: &mut self.token,
            frame: &mut self.frame,
            request: &mut self.request,
        };
        Some((memory, Identity { certificate, key }))
    }
}

impl<
    C: Crypto,
    const SEND: usize,
    const RECEIVE: usize,
    const SLOTS: usize,
    const FRAME: usize,
    const REQUEST: usize,
> Default for Resources<C, SEND, RECEIVE, SLOTS, FRAME, REQUEST>
{
    fn default() -> Self {
        Self::new()
    }
}
