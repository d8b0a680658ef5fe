//! Encrypted packets of tests/corpus, and beside them what was in them.

use testkit::corpus;

use super::*;

/// tests/corpus/README.md
const PASSPHRASE: &[u8] = b"throw-away-shared-key";

#[test]
fn recorded_packets_are_opened_to_what_the_sdk_encrypted() {
    use livekit_micro::e2ee::{DEFAULT_SALT, OpenError, Pbkdf2};

    let key = Pbkdf2::new(PASSPHRASE, DEFAULT_SALT).poll(u32::MAX).expect("all rounds").key();
    let (mut count, mut other_keys) = (0, 0);
    for record in corpus::all().iter().filter(|it| it.message == "livekit.DataPacket") {
        let Ok(theirs::DataPacket { value: Some(Value::EncryptedPacket(encrypted)), .. }) =
            theirs::DataPacket::decode(&record.bytes[..])
        else {
            continue;
        };
        let mut device: Session<(), (), (), E2ee<KeyRing>> =
            Session::with_encryption(E2ee::new(KeyRing::new()));
        device.e2ee().keys.set(0, key.clone()).expect("an index below 16");
        let mut frame = record.bytes.clone();
        let mut out = [0; 512];
        let (event, _) =
            device.receive(Channel::Reliable, &mut frame, 0, &mut out).expect("a packet");
        match seen(event) {
            Seen::Data { topic, payload, .. } => {
                let Value::User(user) = decrypt(key.as_bytes(), &encrypted) else { panic!() };
                assert_eq!((Some(topic), payload), (user.topic, user.payload), "{}", record.name);
                count += 1;
            }
            Seen::Opened { payload, .. } => {
                assert_eq!(payload, plaintext(key.as_bytes(), &encrypted), "{}", record.name);
                count += 1;
            }
            Seen::Refused { error: OpenError::WrongKey | OpenError::NoKey { .. }, .. } => {
                println!("of another key: {}", record.name);
                other_keys += 1;
            }
            other => panic!("{}: {other:?}", record.name),
        }
    }
    println!("\n{count} recorded packets opened, {other_keys} of other keys");
    assert!(count >= 10 && other_keys <= 4, "{count} {other_keys}");
}
