//! Packets of LiveKit's SDKs: `vectors.jsonl`. Nine were sent by the Python SDK 1.2.1 (libwebrtc), two by
//! livekit-client 2.23.0 (WebCrypto), one by a device and accepted by the Python SDK. All keys are throw-away.

use livekit_micro::e2ee::{Derived, E2ee, Key, KeyRing, Pbkdf2};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    name: String,
    kdf: String,
    material: String,
    salt: String,
    key: String,
    iv: String,
    key_index: u8,
    encrypted_value: String,
    plaintext: String,
}

fn vectors() -> Vec<Vector> {
    let lines = include_str!("vectors.jsonl").lines();
    let all: Vec<Vector> = lines.map(|it| serde_json::from_str(it).expect(it)).collect();
    assert_eq!(all.len(), 12);
    all
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect(hex);
    (0..hex.len()).step_by(2).map(digits).collect()
}

fn key(vector: &Vector) -> Key {
    Key::new(bytes(&vector.key).try_into().expect("16 bytes"))
}

#[test]
fn packets_of_the_sdks_open_and_are_sealed_to_the_same_bytes() {
    for vector in vectors() {
        let mut e2ee = E2ee::new(KeyRing::<1>::new());
        e2ee.keys.set(vector.key_index, key(&vector)).expect("an index below 16");
        let (iv, sent) = (bytes(&vector.iv), bytes(&vector.encrypted_value));
        let mut data = sent.clone();
        let opened = e2ee.open(b"alice", vector.key_index.into(), &iv, &mut data);
        assert_eq!(opened.as_deref(), Ok(&bytes(&vector.plaintext)[..]), "{}", vector.name);

        use livekit_micro::e2ee::Cipher;
        let iv = iv.try_into().expect("12 bytes");
        let mut data = bytes(&vector.plaintext);
        let tag = e2ee.cipher.seal(&key(&vector), &iv, &mut data).expect("it encrypts");
        assert_eq!([&data[..], &tag].concat(), sent, "{}", vector.name);
    }
}

#[test]
fn the_keys_of_the_sdks_are_derived() {
    let mut known: Vec<(String, Key)> = Vec::new();
    for vector in vectors() {
        let (material, salt) = (bytes(&vector.material), bytes(&vector.salt));
        let id = vector.kdf.clone() + &vector.material;
        let seen = known.iter().find(|(it, _)| *it == id).map(|(_, key)| key.clone());
        let derived = seen.unwrap_or_else(|| match vector.kdf.as_str() {
            "hkdf" => Derived::hkdf(&material, &salt).key(),
            _ => Pbkdf2::new(&material, &salt).poll(u32::MAX).expect("all rounds").key(),
        });
        assert_eq!(derived.as_bytes()[..], bytes(&vector.key), "{}", vector.name);
        known.push((id, derived));
    }
}

/// The Python SDK's `ratchet_shared_key`: the material that it returned is in the vector of the ratcheted key.
#[test]
fn a_key_is_ratcheted_as_by_the_sdks() {
    let vectors = vectors();
    let find = |name: &str| vectors.iter().find(|it| it.name.starts_with(name)).expect(name);
    let (before, after) = (find("sdk user key index 3"), find("sdk user ratcheted"));
    let first = Pbkdf2::new(&bytes(&before.material), &bytes(&before.salt)).poll(u32::MAX);
    let first = first.expect("all rounds");
    assert_eq!(first.material()[..], bytes(&after.material));
    assert_eq!(first.key().as_bytes()[..], bytes(&before.key));
    let second = Pbkdf2::new(first.material(), &bytes(&after.salt)).poll(u32::MAX);
    assert_eq!(second.expect("all rounds").key().as_bytes()[..], bytes(&after.key));
}
