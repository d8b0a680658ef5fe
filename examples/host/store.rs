//! A participant with its memory and its certificate: what a device has in statics.

use livekit_micro::participant::peer::certificate::{
    SELF_SIGNED_BYTES, SelfSignedError, self_signed,
};
use livekit_micro::participant::peer::dtls::Identity;
use livekit_micro::participant::peer::sctp::Slot;
use livekit_micro::participant::peer::{self, Crypto as _, RustCrypto};
use livekit_micro::participant::{DataPlane, Memory, Participant};

pub type Crypto = RustCrypto<fn(&mut [u8])>;
type Key = <Crypto as peer::Crypto>::PrivateKey;

pub struct Store {
    key: Key,
    certificate: Vec<u8>,
    handshake: Vec<u8>,
    send: Vec<u8>,
    receive: Vec<u8>,
    slots: Vec<Slot>,
    signal: Vec<u8>,
    token: Vec<u8>,
    frame: Vec<u8>,
}

pub fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the system's");
}

impl Store {
    /// Memory for the longest packet, and a certificate that is signed by its own key.
    pub fn new() -> Result<Self, SelfSignedError> {
        let mut crypto = Crypto::new(random);
        let (key, public_key) = crypto.generate();
        let mut certificate = [0; SELF_SIGNED_BYTES];
        let certificate = self_signed(&mut crypto, &key, &public_key, &mut certificate)?.to_vec();
        Ok(Self {
            key,
            certificate,
            handshake: vec![0; 2_048],
            send: vec![0; 65_536],
            receive: vec![0; 65_536],
            slots: vec![Slot::new(); 64],
            signal: vec![0; 4_096],
            token: vec![0; 4_096],
            frame: vec![0; 65_536],
        })
    }

    /// A participant that has not joined, and what it joins with.
    pub fn participant<D: DataPlane>(
        &mut self,
        session: D,
    ) -> (Participant<'_, Crypto, D>, Identity<'_, Crypto>) {
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
            request: &mut [],
        };
        let identity = Identity { certificate: &self.certificate, key: &self.key };
        (Participant::new(Crypto::new(random), session, memory), identity)
    }
}
