//! RSASSA-PSS (RFC 8017, 8.1), as TLS 1.3 has it.
//!
//! RFC 8446, 4.2.3: "Indicates a signature algorithm using RSASSA-PSS with mask generation function 1. The digest used in
//! the mask generation function and the digest being signed are both the corresponding hash algorithm [...]. The length of
//! the Salt MUST be equal to the length of the output of the digest algorithm."

use super::MAX_BYTES;
use super::key::PublicKey;
use crate::hash::Hash;

/// RSASSA-PSS-VERIFY (RFC 8017, 8.1.2).
#[inline(never)]
pub fn verify(hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key = PublicKey::read(key)?;
    let mut buf = [0; MAX_BYTES];
    let encoded = key.open(signature, &mut buf)?;
    // Step 2c: "Note that emLen will be one less than k if modBits - 1 is divisible by 8 and k otherwise. If I2OSP
    // outputs 'integer too large,' output 'invalid signature' and stop."
    let bits = key.message_bits();
    let encoded = match encoded {
        [0, rest @ ..] if bits % 8 == 0 => rest,
        _ if bits % 8 == 0 => return None,
        whole => whole,
    };
    verify_encoded(hash, message, encoded, bits)
}

/// EMSA-PSS-VERIFY (RFC 8017, 9.1.2).
fn verify_encoded(hash: Hash, message: &[u8], encoded: &mut [u8], bits: usize) -> Option<()> {
    // "2. Let mHash = Hash(M), an octet string of length hLen."
    let digest = hash.digest(&[message]);
    // "3. If emLen < hLen + sLen + 2, output 'inconsistent' and stop."
    let db_len = encoded.len().checked_sub(hash.len())?.checked_sub(1)?;
    let zeros_len = db_len.checked_sub(hash.len())?.checked_sub(1)?;
    // "4. If the rightmost octet of EM does not have hexadecimal value 0xbc, output 'inconsistent' and stop."
    // "5. Let maskedDB be the leftmost emLen - hLen - 1 octets of EM, and let H be the next hLen octets."
    let (db, rest) = encoded.split_at_mut_checked(db_len)?;
    let (h, [0xbc]) = rest.split_at_checked(hash.len())? else { return None };
    // "6. If the leftmost 8emLen - emBits bits of the leftmost octet in maskedDB are not all equal to zero, output
    // 'inconsistent' and stop."
    let unused = u32::try_from(bits.wrapping_neg() % 8).ok()?;
    let used = 0xff_u8.wrapping_shr(unused);
    if *db.first()? & !used != 0 {
        return None;
    }
    // "7. Let dbMask = MGF(H, emLen - hLen - 1)." "8. Let DB = maskedDB \xor dbMask."
    unmask(hash, h, db);
    // "9. Set the leftmost 8emLen - emBits bits of the leftmost octet in DB to zero."
    *db.first_mut()? &= used;
    // "10. If the emLen - hLen - sLen - 2 leftmost octets of DB are not zero or if the octet at position emLen - hLen -
    // sLen - 1 (the leftmost position is 'position 1') does not have hexadecimal value 0x01, output 'inconsistent' and stop."
    // "11. Let salt be the last sLen octets of DB."
    let (zeros, [1, salt @ ..]) = db.split_at_checked(zeros_len)? else { return None };
    if zeros.iter().any(|byte| *byte != 0) {
        return None;
    }
    // "12. Let M' = (0x)00 00 00 00 00 00 00 00 || mHash || salt". "13. Let H' = Hash(M')". "14. If H = H', output
    // 'consistent.' Otherwise, output 'inconsistent.'"
    let expected = hash.digest(&[&[0; 8], digest.bytes(), salt]);
    (expected.bytes() == h).then_some(())
}

/// MGF1 (RFC 8017, B.2.1), added to `db`: "T = T || Hash(mgfSeed || C)", with a counter C of four bytes.
fn unmask(hash: Hash, seed: &[u8], db: &mut [u8]) {
    for (counter, part) in (0u32..).zip(db.chunks_mut(hash.len())) {
        let mask = hash.digest(&[seed, &counter.to_be_bytes()]);
        part.iter_mut().zip(mask.bytes()).for_each(|(byte, mask)| *byte ^= mask);
    }
}
