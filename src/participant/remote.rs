//! The other participants of the room, as far as a device keeps them.

use super::Event;
use crate::borrowed::participant_info::{Kind, State};
use crate::data::Text;

/// Another participant of the room.
#[derive(Clone, Copy)]
pub struct RemoteParticipant<const IDENTITY: usize> {
    identity: Text<IDENTITY>,
    sid: Text<24>,
    /// What it announces: [`PerformRpc`](crate::data::PerformRpc) and streams depend on it.
    pub client_protocol: i32,
    /// What it is: an agent, for one.
    pub kind: Kind,
}

impl<const IDENTITY: usize> RemoteParticipant<IDENTITY> {
    /// Its identity.
    pub fn identity(&self) -> &str {
        self.identity.as_str()
    }

    /// Its sid: another one after it has joined anew.
    pub fn sid(&self) -> &str {
        self.sid.as_str()
    }
}

/// The first `N` other participants of the room, with identities of up to `IDENTITY` bytes, 255 at most: some 32 bytes
/// and an identity each. Metadata and attributes are not kept: take those that a firmware wants from
/// [`Event::Participant`].
///
/// ```
/// # use livekit_micro::participant::{Event, RemoteParticipants};
/// # fn handle(others: &mut RemoteParticipants<4>, event: &Event<'_>) {
/// others.update(event);
/// let operator = others.get("operator").map(|it| it.client_protocol);
/// # }
/// ```
///
/// All zero at the start: one in a `static` takes no flash.
pub struct RemoteParticipants<const N: usize, const IDENTITY: usize = 32> {
    entries: [Option<RemoteParticipant<IDENTITY>>; N],
    missed: u32,
    /// The sid of this participant, of which updates tell as well.
    own: Text<24>,
}

impl<const N: usize, const IDENTITY: usize> RemoteParticipants<N, IDENTITY> {
    /// No participant.
    pub const fn new() -> Self {
        Self { entries: [None; N], missed: 0, own: Text::EMPTY }
    }

    /// Notes what an event says: call it with each. Who is there before this participant is told again when it joins
    /// anew.
    pub fn update(&mut self, event: &Event<'_>) {
        match event {
            Event::Moved => *self = Self::new(),
            Event::Participant { is_local: true, info } => {
                *self = Self::new();
                self.own.set(info.sid.as_bytes());
            }
            Event::Participant { info, .. } if !self.own.is(info.sid.as_bytes()) => {
                let entry = self
                    .entries
                    .iter_mut()
                    .find(|it| it.is_some_and(|it| it.identity() == info.identity));
                if info.state == State::Disconnected {
                    // One that has joined again is not gone with the connection before.
                    if let Some(entry) = entry
                        && entry.is_some_and(|it| it.sid() == info.sid)
                    {
                        *entry = None;
                    }
                    return;
                }
                let (Some(identity), Some(sid)) =
                    (Text::new(info.identity.as_bytes()), Text::new(info.sid.as_bytes()))
                else {
                    self.missed = self.missed.saturating_add(1);
                    return;
                };
                let place = match entry {
                    Some(entry) => Some(entry),
                    None => self.entries.iter_mut().find(|it| it.is_none()),
                };
                match place {
                    Some(place) => {
                        let client_protocol = info.client_protocol;
                        *place = Some(RemoteParticipant {
                            identity,
                            sid,
                            client_protocol,
                            kind: info.kind,
                        });
                    }
                    None => self.missed = self.missed.saturating_add(1),
                }
            }
            _ => {}
        }
    }

    /// The participant with this identity, if it is kept.
    pub fn get(&self, identity: &str) -> Option<&RemoteParticipant<IDENTITY>> {
        self.iter().find(|it| it.identity() == identity)
    }

    /// All that are kept.
    pub fn iter(&self) -> impl Iterator<Item = &RemoteParticipant<IDENTITY>> {
        self.entries.iter().flatten()
    }

    /// How often a participant was not kept, because there was no place or its identity is too long.
    pub const fn missed(&self) -> u32 {
        self.missed
    }
}

impl<const N: usize, const IDENTITY: usize> Default for RemoteParticipants<N, IDENTITY> {
    fn default() -> Self {
        Self::new()
    }
}
