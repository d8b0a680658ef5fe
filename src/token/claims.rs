//! The claims of a token.

use super::Sources;

/// Who the holder of a token is, what they may do, and until when.
///
/// There is no default: LiveKit's servers refuse a token that never expires.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Claims<'a> {
    /// The API key whose secret signs the token (`iss`).
    pub issuer: &'a str,
    /// The holder (`sub`); needed to join a room. Servers take 256 bytes unless configured otherwise.
    pub identity: &'a str,
    /// When the token expires, in Unix seconds (`exp`); servers take it for a minute longer.
    pub expires: u64,
    /// When the token begins to be valid, in Unix seconds (`nbf`).
    pub not_before: Option<u64>,
    /// The participant's name, for display.
    pub name: &'a str,
    /// The participant's metadata.
    pub metadata: &'a str,
    /// The participant's attributes.
    pub attributes: &'a [(&'a str, &'a str)],
    /// What the holder may do.
    pub video: VideoGrant<'a>,
}

impl<'a> Claims<'a> {
    /// Returns the claims of a token by the API key `issuer` that expires at `expires`, in Unix seconds,
    /// and grants nothing.
    pub const fn new(issuer: &'a str, expires: u64) -> Self {
        Self {
            issuer,
            identity: "",
            expires,
            not_before: None,
            name: "",
            metadata: "",
            attributes: &[],
            video: VideoGrant::NONE,
        }
    }
}

/// What the holder of a token may do (the claim `video`, under LiveKit's names).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct VideoGrant<'a> {
    /// The room of `room_join` and `room_admin`.
    pub room: &'a str,
    /// May join the room.
    pub room_join: bool,
    /// May call RoomService for the room: send data; list, change and remove participants; end the room.
    pub room_admin: bool,
    /// May create rooms.
    pub room_create: bool,
    /// May list all rooms.
    pub room_list: bool,
    /// May start recordings.
    pub room_record: bool,
    /// May publish tracks and data; `None` grants it.
    pub can_publish: Option<bool>,
    /// May subscribe to the tracks and data of others; `None` grants it.
    pub can_subscribe: Option<bool>,
    /// May publish data; `None` grants what `can_publish` does.
    pub can_publish_data: Option<bool>,
    /// The only sources that may be published; `None` is all of them, and so is an empty list for servers.
    pub can_publish_sources: Option<Sources>,
    /// May change their own name, metadata and attributes; `None` does not grant it.
    pub can_update_own_metadata: Option<bool>,
    /// May subscribe to the metrics of others; `None` does not grant it.
    pub can_subscribe_metrics: Option<bool>,
    /// May control an agent's session: read its state, send it commands; `None` does not grant it.
    pub can_manage_agent_session: Option<bool>,
    /// Is hidden from other participants.
    pub hidden: bool,
    /// Is shown to others as a recorder.
    pub recorder: bool,
    /// May register as an agent worker.
    pub agent: bool,
    /// May manage ingress.
    pub ingress_admin: bool,
    /// The only room that participants may be moved or forwarded to.
    pub destination_room: &'a str,
}

impl<'a> VideoGrant<'a> {
    /// Grants nothing.
    pub const NONE: Self = Self {
        room: "",
        room_join: false,
        room_admin: false,
        room_create: false,
        room_list: false,
        room_record: false,
        can_publish: None,
        can_subscribe: None,
        can_publish_data: None,
        can_publish_sources: None,
        can_update_own_metadata: None,
        can_subscribe_metrics: None,
        can_manage_agent_session: None,
        hidden: false,
        recorder: false,
        agent: false,
        ingress_admin: false,
        destination_room: "",
    };

    /// Grants to join `room`, publish there and subscribe to others.
    pub const fn join(room: &'a str) -> Self {
        Self { room, room_join: true, ..Self::NONE }
    }

    /// Grants to call RoomService for `room`, which [`server`](crate::server) needs.
    pub const fn admin(room: &'a str) -> Self {
        Self { room, room_admin: true, ..Self::NONE }
    }
}

impl core::fmt::Debug for Claims<'_> {
    /// Redacts what is about people: name, metadata and attributes.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Claims")
            .field("issuer", &self.issuer)
            .field("identity", &self.identity)
            .field("expires", &self.expires)
            .field("not_before", &self.not_before)
            .field("video", &self.video)
            .finish_non_exhaustive()
    }
}
