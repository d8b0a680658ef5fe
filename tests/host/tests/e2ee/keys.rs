//! Which key encrypts, and which open.

use livekit_micro::e2ee::{
    Aes128Gcm, Cipher, CipherError, E2ee, IV_BYTES, Key, KeyError, KeyProvider, KeyRing, OpenError,
    ParticipantKeys, SealError, TAG_BYTES,
};

fn key(byte: u8) -> Key {
    Key::new([byte; 16])
}

/// The first byte and the index of the key that encrypts.
fn own(keys: &impl KeyProvider) -> Option<(u8, u8)> {
    keys.own().map(|(index, key)| (index, key.as_bytes()[0]))
}

/// The first byte of the key that opens.
fn of(keys: &impl KeyProvider, identity: &str, index: u32) -> Option<u8> {
    keys.of(identity.as_bytes(), index).map(|key| key.as_bytes()[0])
}

#[test]
fn the_key_that_was_set_last_encrypts_and_the_others_open() {
    let mut keys = KeyRing::<3>::new();
    assert_eq!((own(&keys), of(&keys, "bob", 0)), (None, None));
    for (index, byte) in [(0, 10), (15, 11), (3, 12)] {
        assert_eq!(keys.set(index, key(byte)), Ok(()));
        assert_eq!(own(&keys), Some((index, byte)));
    }
    assert_eq!([0, 15, 3].map(|index| of(&keys, "bob", index)), [Some(10), Some(11), Some(12)]);
    // Setting an index again makes it the last, and drops none: neither that in the middle nor the first.
    assert_eq!(keys.set(15, key(13)), Ok(()));
    assert_eq!([0, 15, 3].map(|index| of(&keys, "bob", index)), [Some(10), Some(13), Some(12)]);
    assert_eq!(keys.set(0, key(20)), Ok(()));
    assert_eq!(own(&keys), Some((0, 20)));
    assert_eq!([0, 15, 3].map(|index| of(&keys, "", index)), [Some(20), Some(13), Some(12)]);
    // One more than there is space for drops the one that was set first.
    assert_eq!(keys.set(1, key(21)), Ok(()));
    let opened = [1, 0, 15, 3].map(|index| of(&keys, "", index));
    assert_eq!(opened, [Some(21), Some(20), Some(13), None]);
}

#[test]
fn a_key_can_be_forgotten() {
    let mut keys = KeyRing::<3>::new();
    for index in 0..3 {
        assert_eq!(keys.set(index, key(index + 1)), Ok(()));
    }
    assert!(keys.remove(1) && !keys.remove(1) && !keys.remove(9));
    assert_eq!([0, 1, 2].map(|index| of(&keys, "", index)), [Some(1), None, Some(3)]);
    // The last one: the one before it encrypts again.
    assert!(keys.remove(2));
    assert_eq!(own(&keys), Some((0, 1)));
    assert!(keys.remove(0));
    assert_eq!(own(&keys), None);
}

#[test]
fn an_index_above_15_is_neither_set_nor_found() {
    let mut keys = KeyRing::<16>::new();
    for index in 0..=15 {
        assert_eq!(keys.set(index, key(index)), Ok(()));
    }
    for index in [16, 255] {
        assert_eq!(keys.set(index, key(1)), Err(KeyError::IndexTooLarge { index }));
    }
    assert_eq!(own(&keys), Some((15, 15)), "as before");
    for index in [16, 255, 256, 65_536, u32::MAX - 1, u32::MAX] {
        assert_eq!(of(&keys, "", index), None, "{index}");
    }
}

#[test]
fn participants_have_keys_of_their_own() {
    let mut keys = ParticipantKeys::<2, 2, 5>::new();
    assert_eq!(keys.set("alice", 0, key(1)), Ok(()));
    assert_eq!(keys.set("alice", 1, key(2)), Ok(()));
    assert_eq!(keys.set("bob", 0, key(3)), Ok(()));
    assert_eq!(keys.own.set(4, key(9)), Ok(()));
    assert_eq!(own(&keys), Some((4, 9)));
    let all = [("alice", 0), ("alice", 1), ("bob", 0), ("bob", 1), ("carol", 0), ("", 0)];
    let found = all.map(|(identity, index)| of(&keys, identity, index));
    assert_eq!(found, [Some(1), Some(2), Some(3), None, None, None]);
    assert_eq!(of(&keys, "alice", 4), None, "this participant's key opens its own packets only");

    assert_eq!(keys.set("carol", 0, key(4)), Err(KeyError::TooManyParticipants { max: 2 }));
    assert!(keys.remove("alice") && !keys.remove("alice"));
    assert_eq!((of(&keys, "alice", 0), of(&keys, "alice", 1)), (None, None));
    assert_eq!(keys.set("carol", 16, key(4)), Err(KeyError::IndexTooLarge { index: 16 }));
    let error = KeyError::IdentityTooLong { len: 6, max: 5 };
    assert_eq!(keys.set("caroll", 0, key(4)), Err(error));
    assert_eq!(keys.set("carol", 0, key(4)), Ok(()));
    assert_eq!((of(&keys, "carol", 0), of(&keys, "bob", 0)), (Some(4), Some(3)));
    assert_eq!(own(&keys), Some((4, 9)));
}

#[test]
fn frames_of_tracks_are_sealed_and_opened() {
    let mut alice = E2ee::new(ParticipantKeys::<1>::new());
    let mut bob = E2ee::new(ParticipantKeys::<1>::new());
    assert_eq!(alice.keys.own.set(7, key(1)), Ok(()));
    assert_eq!(bob.keys.set("alice", 7, key(1)), Ok(()));
    let frame = b"a frame of a track".to_vec();
    assert_eq!(alice.seal(&mut frame.clone()), Err(SealError::OutOfNonces), "no random bits yet");
    alice.seed([3; 8]);
    let mut ivs = Vec::new();
    for _ in 0..3 {
        let mut data = frame.clone();
        let sealed = alice.seal(&mut data).expect("it has a key");
        assert_eq!(sealed.key_index, 7);
        let (iv, mut sent) = (sealed.iv, [&data[..], &sealed.tag].concat());
        let opened = bob.open("alice", 7, &iv, &mut sent.clone()).map(|it| it.to_vec());
        assert_eq!(opened, Ok(frame.clone()));
        let error = bob.open("carol", 7, &iv, &mut sent.clone()).map(drop);
        assert_eq!(error, Err(OpenError::NoKey { key_index: 7 }));
        for iv in [&iv[..11], &[&iv[..], &[0]].concat(), &[]] {
            let error = bob.open("alice", 7, iv, &mut sent.clone()).map(drop);
            assert_eq!(error, Err(OpenError::Malformed));
        }
        let error = bob.open("alice", 7, &iv, &mut sent[..15]).map(drop);
        assert_eq!(error, Err(OpenError::Malformed), "shorter than a tag");
        sent[0] ^= 1;
        let error = bob.open("alice", 7, &iv, &mut sent).map(drop);
        assert_eq!(error, Err(OpenError::WrongKey));
        ivs.push(iv);
    }
    ivs.dedup();
    assert_eq!(ivs.len(), 3, "no vector is used twice");
    assert_eq!(bob.seal(&mut [0; 4]), Err(SealError::NoKey));
}

/// Hardware that stands still: it encrypts nothing.
struct Broken;

impl Cipher for Broken {
    fn seal(
        &mut self,
        _: &Key,
        _: &[u8; IV_BYTES],
        _: &mut [u8],
    ) -> Result<[u8; TAG_BYTES], CipherError> {
        Err(CipherError)
    }

    fn open(
        &mut self,
        key: &Key,
        iv: &[u8; IV_BYTES],
        data: &mut [u8],
        tag: &[u8; TAG_BYTES],
    ) -> Result<(), CipherError> {
        Aes128Gcm.open(key, iv, data, tag)
    }
}

#[test]
fn nothing_is_sent_if_the_cipher_fails() {
    use livekit_micro::data::{Data, SendError, Session};

    let mut session: Session<(), (), (), E2ee<KeyRing, Broken>> =
        Session::with_encryption(E2ee::with_cipher(KeyRing::new(), Broken));
    session.e2ee().seed([1; 8]);
    assert_eq!(session.e2ee().keys.set(0, key(1)), Ok(()));
    let data = Data { payload: b"secret", ..Data::default() };
    let error = session.publish_data(&data, &mut [0; 128]).map(drop);
    assert_eq!(error, Err(SendError::Encryption(SealError::Cipher)));
    assert_eq!(session.local.last_sequence(), 0);
}
