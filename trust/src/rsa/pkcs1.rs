//! RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).

use super::MAX_BYTES;
use super::key::PublicKey;
use crate::hash::Hash;

/// RSASSA-PKCS1-V1_5-VERIFY (RFC 8017, 8.2.2).
///
/// It compares, and does not parse: "Another way to implement the signature verification operation is to apply a
/// 'decoding' operation (not specified in this document) to the encoded message", which has gone wrong often.
#[inline(never)]
pub fn verify(hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key = PublicKey::read(key)?;
    let mut buf = [0; MAX_BYTES];
    let encoded = key.open(signature, &mut buf)?;
    let digest = hash.digest(&[message]);
    // EMSA-PKCS1-v1_5 (9.2), step 5: "EM = 0x00 || 0x01 || PS || 0x00 || T", with T of the algorithm and the digest.
    let tail = [&[0][..], digest_info(hash), digest.bytes()];
    let padding = tail.iter().try_fold(encoded.len(), |left, part| left.checked_sub(part.len()))?;
    // Step 4: "Generate an octet string PS consisting of emLen - tLen - 3 octets with hexadecimal value 0xff. The
    // length of PS will be at least 8 octets." With a key of 2048 bits it is.
    let padding = padding.checked_sub(2).filter(|len| *len >= 8)?;
    let head = [0, 1].into_iter().chain(core::iter::repeat_n(0xff, padding));
    let expected = head.chain(tail.into_iter().flatten().copied());
    // 8.2.2, step 4: "Compare the encoded message EM and the second encoded message EM'. If they are the same, output
    // 'valid signature'; otherwise, output 'invalid signature.'"
    encoded.iter().copied().eq(expected).then_some(())
}

/// `DigestInfo` up to the digest (RFC 8017, 9.2, note 1). Its parameters are NULL: "must be present in T".
fn digest_info(hash: Hash) -> &'static [u8] {
    match hash {
        Hash::Sha256 => {
            b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
        }
        Hash::Sha384 => {
            b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"
        }
        Hash::Sha512 => {
            b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"
        }
    }
}
