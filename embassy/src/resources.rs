//! The memory of a participant.

use core::mem::MaybeUninit;

use livekit_micro::participant::peer::certificate::{SELF_SIGNED_BYTES, self_signed};
use livekit_micro::participant::peer::dtls::Identity;
use livekit_micro::participant::peer::sctp::Slot;
use livekit_micro::participant::peer::{self, Crypto};
use livekit_micro::participant::{DataPlane, Memory, Participant};

use crate::Shared;

/// A participant, its memory and its certificate, for a static: zeros, so that it takes no flash.
///
/// `SEND` and `RECEIVE` are bytes that are not acknowledged yet, and of the longest packet; `SLOTS` are packets that
/// came before their turn, 1 212 bytes each; `FRAME` is the longest packet that is made, `REQUEST` the longest request to
/// the server: 256 bytes for a few attributes. See
/// [`livekit_micro::participant`] on what their sizes mean.
pub struct Resources<
    'a,
    C: Crypto,
    D,
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
    shared: MaybeUninit<Shared<'a, C, D>>,
}

impl<
    'a,
    C: Crypto,
    D,
    const SEND: usize,
    const RECEIVE: usize,
    const SLOTS: usize,
    const FRAME: usize,
    const REQUEST: usize,
> Resources<'a, C, D, SEND, RECEIVE, SLOTS, FRAME, REQUEST>
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
            shared: MaybeUninit::uninit(),
        }
    }

    /// Makes a key and its certificate, and a participant of them: new ones at each start are as good as old ones, because
    /// signalling tells the server of them. It takes two operations of P-256.
    ///
    /// `None` if the cryptography cannot sign.
    pub fn start(
        &'a mut self,
        mut crypto: C,
        session: D,
    ) -> Option<(&'a Shared<'a, C, D>, Identity<'a, C>)>
    where
        D: DataPlane,
    {
        let identity = certify(&mut crypto, &mut self.key, &mut self.certificate)?;
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
        Some((share(&mut self.shared, crypto, session, memory), identity))
    }
}

/// Of `start` these are functions of their own, so that the participant is not on the stack while P-256 runs: each takes
/// some 3 KB.
#[inline(never)]
fn certify<'a, C: Crypto>(
    crypto: &mut C,
    place: &'a mut MaybeUninit<C::PrivateKey>,
    certificate: &'a mut [u8],
) -> Option<Identity<'a, C>> {
    let (key, public_key) = crypto.generate();
    let key = &*place.write(key);
    let certificate = self_signed(crypto, key, &public_key, certificate).ok()?;
    Some(Identity { certificate, key })
}

#[inline(never)]
fn share<'a, C: Crypto, D: DataPlane>(
    place: &'a mut MaybeUninit<Shared<'a, C, D>>,
    crypto: C,
    session: D,
    memory: Memory<'a>,
) -> &'a Shared<'a, C, D> {
    place.write(Shared::new(Participant::new(crypto, session, memory)))
}

impl<
    C: Crypto,
    D,
    const SEND: usize,
    const RECEIVE: usize,
    const SLOTS: usize,
    const FRAME: usize,
    const REQUEST: usize,
> Default for Resources<'_, C, D, SEND, RECEIVE, SLOTS, FRAME, REQUEST>
{
    fn default() -> Self {
        Self::new()
    }
}
