//! What each family decodes and encodes is decoded alike, and prost agrees with what was read; where
//! it does not, the difference is one of the table in tests/testkit/src/documented.rs.
#![no_main]

use libfuzzer_sys::fuzz_target;
use support::pick;
use testkit::verdict::judge;

fuzz_target!(|input: &[u8]| {
    let Some((both, frame)) = pick(input) else { return };
    for (family, peer) in both {
        if let Err(why) = judge(family, peer, frame) {
            panic!("{family:?} {}: {why}\n{frame:02x?}", peer.name);
        }
    }
});
