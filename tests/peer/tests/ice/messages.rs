//! Messages of a peer, written by the tests.

use livekit_micro_peer::ice::{Credentials, Role, Timing};
use livekit_micro_peer::stun::{Class, Writer, attribute};

use crate::net::{Host, crypto};

pub const ID: [u8; 12] = [7; 12];

/// An agent that has started, and the credentials of its peer.
pub fn started(role: Role) -> (Host, Credentials) {
    let mut host = Host::new(1, "192.0.2.1:1111");
    let remote = Credentials::generate(&mut host.crypto);
    host.start(role, &remote, Timing::DEFAULT, 0);
    (host, remote)
}

pub fn write(class: Class, id: &[u8; 12], key: &str, fill: impl Fn(&mut Writer<'_>)) -> Vec<u8> {
    let mut out = [0; 500];
    let mut writer = Writer::new(&mut out, class, id);
    fill(&mut writer);
    let len = writer.finish(&mut crypto(9), key.as_bytes()).expect("it is large enough");
    out[..len].to_vec()
}

/// The check of a controlled peer.
pub fn request(host: &Host, remote: &Credentials, priority: u32, id: &[u8; 12]) -> Vec<u8> {
    let user = [host.credentials.ufrag().as_bytes(), b":", remote.ufrag().as_bytes()];
    write(Class::Request, id, host.credentials.pwd(), |writer| {
        writer.attribute(attribute::USERNAME, &user);
        writer.attribute(attribute::PRIORITY, &[&priority.to_be_bytes()]);
        writer.attribute(attribute::ICE_CONTROLLED, &[&[0xff; 8]]);
    })
}
