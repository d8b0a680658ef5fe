//! Which keys a participant has.

use core::mem::swap;

use super::error::KeyError;
use super::key::Key;
use crate::data::Text;

/// The highest index of a key. LiveKit's SDKs have rings of 16 keys, and not all of them check an index that is
/// received.
pub const MAX_KEY_INDEX: u8 = 15;

/// The keys of a session: [`KeyRing`] if all participants share them, [`ParticipantKeys`] if each has its own, or
/// a type of the firmware's.
pub trait KeyProvider {
    /// The key that this participant encrypts with, and its index, at most [`MAX_KEY_INDEX`].
    fn own(&self) -> Option<(u8, &Key)>;

    /// The key of this index with which the participant of this identity encrypts.
    fn of(&self, identity: &[u8], index: u32) -> Option<&Key>;
}

/// The newest `N` keys, at most 16, which all participants share: setting one more drops the one that was set
/// first.
///
/// Keys are not overwritten when a ring is dropped: firmware keeps it in a `static`, and cipher and stack hold
/// copies. [`remove`](Self::remove) overwrites one.
pub struct KeyRing<const N: usize = 1>([Slot; N]);

/// A key, or a free slot.
struct Slot {
    /// Its index plus 1; 0 if the slot is free.
    number: u32,
    key: Key,
}

const FREE: Slot = Slot { number: 0, key: Key::ZERO };

impl<const N: usize> KeyRing<N> {
    /// A ring without keys.
    pub const fn new() -> Self {
        Self([FREE; N])
    }

    /// Sets the key of an index, and encrypts with it from now on. The others stay, for what is received.
    ///
    /// # Errors
    /// [`KeyError::IndexTooLarge`]
    pub fn set(&mut self, index: u8, key: Key) -> Result<(), KeyError> {
        set(&mut self.0, index, key)
    }

    /// Forgets the key of an index; `false` if there is none. If it is the one that was set last, the one before
    /// it takes its place.
    pub fn remove(&mut self, index: u8) -> bool {
        remove(&mut self.0, index)
    }

    /// The key of an index.
    fn get(&self, index: u32) -> Option<&Key> {
        // An index that is received is any number.
        let number = index.checked_add(1)?;
        self.0.iter().find(|slot| slot.number == number).map(|slot| &slot.key)
    }
}

/// Moves the key to the front; the others move back, up to the slot that is overwritten.
#[inline(never)]
fn set(slots: &mut [Slot], index: u8, key: Key) -> Result<(), KeyError> {
    if index > MAX_KEY_INDEX {
        return Err(KeyError::IndexTooLarge { index });
    }
    let number = u32::from(index).wrapping_add(1);
    let mut next = Slot { number, key };
    for slot in slots {
        swap(slot, &mut next);
        if next.number == number {
            break;
        }
    }
    Ok(())
}

/// Moves the key to the end, and overwrites it.
#[inline(never)]
fn remove(slots: &mut [Slot], index: u8) -> bool {
    let number = u32::from(index).wrapping_add(1);
    let mut last: Option<&mut Slot> = None;
    for slot in slots {
        match last {
            Some(free) => swap(free, slot),
            None if slot.number != number => continue,
            None => *slot = FREE,
        }
        last = Some(slot);
    }
    last.is_some()
}

impl<const N: usize> KeyProvider for KeyRing<N> {
    fn own(&self) -> Option<(u8, &Key)> {
        let first = self.0.first()?;
        Some((u8::try_from(first.number.checked_sub(1)?).ok()?, &first.key))
    }

    fn of(&self, _: &[u8], index: u32) -> Option<&Key> {
        self.get(index)
    }
}

/// Keys of each participant: the newest `N` of this one and of up to `PEERS` others, whose identities have at most
/// `IDENTITY` bytes, below 256.
pub struct ParticipantKeys<const PEERS: usize, const N: usize = 1, const IDENTITY: usize = 64> {
    /// The keys that this participant encrypts with.
    pub own: KeyRing<N>,
    peers: [Peer<N, IDENTITY>; PEERS],
}

/// A participant; free if there is no key.
struct Peer<const N: usize, const IDENTITY: usize> {
    identity: Text<IDENTITY>,
    keys: KeyRing<N>,
}

impl<const PEERS: usize, const N: usize, const IDENTITY: usize>
    ParticipantKeys<PEERS, N, IDENTITY>
{
    /// No keys.
    pub const fn new() -> Self {
        let peers = [const { Peer { identity: Text::EMPTY, keys: KeyRing::new() } }; PEERS];
        Self { own: KeyRing::new(), peers }
    }

    /// Sets a key of another participant.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub fn set(&mut self, identity: &str, index: u8, key: Key) -> Result<(), KeyError> {
        let is =
            |peer: &Peer<N, IDENTITY>| !peer.is_free() && peer.identity.is(identity.as_bytes());
        let known = self.peers.iter().position(is);
        let place = known.or_else(|| self.peers.iter().position(Peer::is_free));
        let peer = place.and_then(|at| self.peers.get_mut(at));
        let peer = peer.ok_or(KeyError::TooManyParticipants { max: PEERS })?;
        if !peer.identity.set(identity.as_bytes()) {
            return Err(KeyError::IdentityTooLong { len: identity.len(), max: IDENTITY });
        }
        peer.keys.set(index, key)
    }

    /// Forgets all keys of another participant; `false` if there is none.
    pub fn remove(&mut self, identity: &str) -> bool {
        let mut peers = self.peers.iter_mut();
        let found = peers.find(|peer| !peer.is_free() && peer.identity.is(identity.as_bytes()));
        found.map(|peer| peer.keys = KeyRing::new()).is_some()
    }
}

impl<const N: usize, const IDENTITY: usize> Peer<N, IDENTITY> {
    fn is_free(&self) -> bool {
        self.keys.own().is_none()
    }
}

impl<const PEERS: usize, const N: usize, const IDENTITY: usize> KeyProvider
    for ParticipantKeys<PEERS, N, IDENTITY>
{
    fn own(&self) -> Option<(u8, &Key)> {
        self.own.own()
    }

    fn of(&self, identity: &[u8], index: u32) -> Option<&Key> {
        let peer = self.peers.iter().find(|peer| peer.identity.is(identity))?;
        peer.keys.get(index)
    }
}

impl<const N: usize> Default for KeyRing<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const PEERS: usize, const N: usize, const IDENTITY: usize> Default
    for ParticipantKeys<PEERS, N, IDENTITY>
{
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> core::fmt::Debug for KeyRing<N> {
    /// The indices of the keys, the one that was set last first.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let indices = self.0.iter().filter_map(|slot| slot.number.checked_sub(1));
        f.debug_list().entries(indices).finish()
    }
}

impl<const PEERS: usize, const N: usize, const IDENTITY: usize> core::fmt::Debug
    for ParticipantKeys<PEERS, N, IDENTITY>
{
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let peers = self.peers.iter().filter(|peer| !peer.is_free());
        let peers = peers.map(|peer| (peer.identity.as_str(), &peer.keys));
        f.debug_map().entry(&"(own)", &self.own).entries(peers).finish()
    }
}
