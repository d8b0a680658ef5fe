//! What a token says.

use super::Sources;

/// Who a token is for, what they may do, and until when.
///
/// It has no empty value: a token without an end is refused by LiveKit's current servers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Claims<'a> {
    /// The API key whose secret signs the token (`iss`).
    pub issuer: &'a str,
    /// Who it is for (`sub`); needed to join a room. At most 256 bytes.
    pub identity: &'a str,
    /// When it ends, in Unix seconds (`exp`); servers allow a minute more.
    pub expires: u64,
    /// When it begins, in Unix seconds (`nbf`).
    pub not_before: Option<u64>,
    /// The participant's name for people.
    pub name: &'a str,
    /// The participant's metadata.
    pub metadata: &'a str,
    /// The participant's attributes.
    pub attributes: &'a [(&'a str, &'a str)],
    /// What they may do.
    pub video: VideoGrant<'a>,
}

impl<'a> Claims<'a> {
    /// A token of the API key `issuer` that ends at `expires`, in Unix seconds, and allows nothing
    /// yet.
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
    /// The room that `room_join` and `room_admin` are about.
    pub room: &'a str,
    /// May join the room.
    pub room_join: bool,
    /// May call RoomService for the room: send data, list, change and remove participants, end it.
    pub room_admin: bool,
    /// May create rooms.
    pub room_create: bool,
    /// May list all rooms.
    pub room_list: bool,
    /// May start recordings.
    pub room_record: bool,
    /// May publish tracks and data; `None` is yes.
    pub can_publish: Option<bool>,
    /// May subscribe to others; `None` is yes.
    pub can_subscribe: Option<bool>,
    /// May publish data; `None` is as `can_publish`.
    pub can_publish_data: Option<bool>,
    /// The only sources that may be published; `None` is all, which is what servers take an empty list for.
    pub can_publish_sources: Option<Sources>,
    /// May change its own name, metadata and attributes; `None` is no.
    pub can_update_own_metadata: Option<bool>,
    /// Is not shown to others.
    pub hidden: bool,
    /// Is shown as a recorder.
    pub recorder: bool,
    /// May do what agents may.
    pub agent: bool,
    /// May start ingress.
    pub ingress_admin: bool,
    /// The only room that participants may be moved or forwarded to.
    pub destination_room: &'a str,
}

impl<'a> VideoGrant<'a> {
    /// Nothing.
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
        hidden: false,
        recorder: false,
        agent: false,
        ingress_admin: false,
        destination_room: "",
    };

    /// To join `room`, publish there and hear others.
    pub const fn join(room: &'a str) -> Self {
        Self { room, room_join: true, ..Self::NONE }
    }

    /// To call RoomService for `room`: what [`server`](crate::server) needs.
    pub const fn admin(room: &'a str) -> Self {
        Self { room, room_admin: true, ..Self::NONE }
    }
}

impl core::fmt::Debug for Claims<'_> {
    /// Without what says something about people.
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
