//! What was recorded from the real server and SDKs, through a session.

use testkit::corpus;

use crate::track::read;

#[test]
fn recorded_packets_are_read_and_written_again() {
    let is_track = |recorded: &&corpus::Recorded| recorded.name.contains("DataTrackPacket");
    let mut count = 0;
    for recorded in corpus::all().iter().filter(is_track) {
        let (packet, json) = (read(&recorded.bytes), &recorded.json);
        let number = |name: &str| json[name].as_u64().expect("a number");
        assert_eq!(u64::from(packet.handle.get()), number("handle"), "{}", recorded.name);
        assert_eq!(u64::from(packet.sequence), number("sequence"));
        assert_eq!(u64::from(packet.frame), number("frame"));
        assert_eq!(u64::from(packet.info.timestamp), number("timestamp"));
        assert_eq!(packet.payload.len() as u64, number("payload_length"));
        let extensions = json["extensions"].as_array().expect("a list");
        let has = |id| extensions.iter().any(|extension| extension["id"].as_u64() == Some(id));
        assert_eq!(packet.info.encryption.is_some(), has(1));
        assert_eq!(packet.info.user_timestamp.is_some(), has(2));
        let mut buf = vec![0; recorded.bytes.len()];
        assert_eq!(packet.write(&mut buf), Ok(&recorded.bytes[..]), "{}", recorded.name);
        count += 1;
    }
    assert_eq!(count, 8);
}
