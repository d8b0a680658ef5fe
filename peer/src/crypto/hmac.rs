//! HMAC (RFC 2104).

use zeroize::Zeroizing;

use super::sha::Hash;

/// The MAC of `parts`, one after the other, by the new `hash`, of which the first `len` bytes are used.
#[inline(never)]
pub(super) fn hmac(hash: &Hash, len: usize, key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // 2: "applications that use keys longer than B bytes will first hash the key using H".
    let mut block = Zeroizing::new([0; 64]);
    let hashed;
    let key = if key.len() > block.len() {
        hashed = Zeroizing::new(digest(hash, &[key]));
        hashed.get(..len).unwrap_or_default()
    } else {
        key
    };
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    // H(K xor opad, H(K xor ipad, text)).
    block.iter_mut().for_each(|byte| *byte ^= 0x36);
    let mut inner = hash.clone();
    inner.update(&*block);
    parts.iter().for_each(|part| inner.update(part));
    let inner = inner.finish();
    block.iter_mut().for_each(|byte| *byte ^= 0x36 ^ 0x5c);
    digest(hash, &[&*block, inner.get(..len).unwrap_or_default()])
}

fn digest(hash: &Hash, parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = hash.clone();
    parts.iter().for_each(|part| hash.update(part));
    hash.finish()
}

pub(super) fn hmac_sha1(key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
    hmac(&Hash::SHA1, 20, key, parts).first_chunk().copied().unwrap_or_default()
}

pub(super) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    hmac(&Hash::SHA256, 32, key, parts)
}
