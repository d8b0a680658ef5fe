//! Logs show no keys: neither `Debug` nor defmt.

use livekit_micro::e2ee::{Derived, E2ee, Key, KeyRing, ParticipantKeys, Pbkdf2};
use testkit::log;

const SECRET: &[u8; 16] = b"qzjxvkwyqzjxvkwy";

/// Nothing of the secret, as text, as numbers of either base.
fn shows_no_key(text: &str, log: &[u8]) {
    let numbers = SECRET.map(|byte| format!("{byte}"));
    let hex = SECRET.map(|byte| format!("{byte:02x}"));
    for secret in ["qzjx", &numbers.join(", ")[..12], &hex.concat()[..8], &hex.join(", ")[..10]] {
        assert!(!text.contains(secret), "{text}");
        assert!(!log.windows(secret.len()).any(|it| it == secret.as_bytes()), "{log:?}");
    }
    assert!(!log.windows(4).any(|it| it == &SECRET[..4]), "{log:?}");
}

#[test]
fn logs_show_no_key() {
    let key = Key::new(*SECRET);
    shows_no_key(&format!("{key:?} {key:#?}"), &log::frame(&key));
    assert_eq!(format!("{key:?}"), "Key(<redacted (16 bytes)>)");

    let derived = Derived::hkdf(b"material", b"salt");
    assert_eq!(format!("{derived:?}"), "Derived(<redacted (32 bytes)>)");
    let logged = log::frame(&derived);
    assert!(!logged.windows(4).any(|it| it == &derived.material()[..4]), "{logged:?}");

    let pbkdf2 = Pbkdf2::new(SECRET, b"salt");
    shows_no_key(&format!("{pbkdf2:?}"), &log::frame(&pbkdf2));
    assert_eq!(format!("{pbkdf2:?}"), "Pbkdf2 { left: 99999, .. }");

    let mut shared = E2ee::new(KeyRing::<2>::new());
    shared.keys.set(3, key.clone()).expect("an index below 16");
    shared.seed([b'r'; 8]);
    let text = format!("{shared:?}");
    shows_no_key(&text, &[]);
    assert_eq!(text, "E2ee { keys: [3], policy: Require, .. }");

    let mut each = ParticipantKeys::<2>::new();
    each.own.set(1, key.clone()).expect("an index below 16");
    each.set("alice", 2, key).expect("there is space");
    let text = format!("{each:?}");
    shows_no_key(&text, &[]);
    assert_eq!(text, r#"{"(own)": [1], "alice": [2]}"#);
}
