//! The methods of RoomService, each with its request and its response.

use super::RequestError;
use super::check;
use crate::borrowed::{self, ParticipantInfo, Room, RoomParticipantIdentity};
use crate::{Decode, Encode};

/// A method of one of LiveKit's services.
///
/// RoomService's are implemented here; a firmware implements those of another service itself: the path is
/// `/twirp/`, the service's full name, `/` and the method's name.
///
#[cfg_attr(feature = "egress", doc = "```")]
#[cfg_attr(not(feature = "egress"), doc = "```ignore")]
/// use livekit_micro::borrowed::{ListEgressRequest, ListEgressResponse};
/// use livekit_micro::server::Method;
///
/// struct ListEgress;
///
/// impl Method for ListEgress {
///     type Request<'a> = ListEgressRequest<'a>;
///     type Response<'a> = ListEgressResponse<'a>;
///     const PATH: &'static str = "/twirp/livekit.Egress/ListEgress";
/// }
/// ```
pub trait Method {
    /// The message that is sent.
    type Request<'a>: Encode;
    /// The message that the server responds with.
    type Response<'a>: Decode<'a>;
    /// The path of the request.
    const PATH: &'static str;

    /// Checks for what the server would reject, or accept and drop.
    ///
    /// # Errors
    /// A [`RequestError`] that names the field.
    fn check(request: &Self::Request<'_>) -> Result<(), RequestError> {
        let _ = request;
        Ok(())
    }
}

macro_rules! room_service {
    ($($(#[$doc:meta])* $method:ident($request:ty) -> $response:ty $(, |$it:ident| $check:expr)?;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $method;

        impl Method for $method {
            type Request<'a> = $request;
            type Response<'a> = $response;
            const PATH: &'static str = concat!("/twirp/livekit.RoomService/", stringify!($method));

            $(fn check($it: &Self::Request<'_>) -> Result<(), RequestError> {
                $check
            })?
        }
    )*

        /// The path of every method here, for tests: they compare it with the schema.
        #[doc(hidden)]
        pub const ROOM_SERVICE: &[&str] = &[$($method::PATH),*];
    };
}

room_service! {
    /// Sends a data packet into a room, to all participants or to some.
    ///
    /// Success says that the server accepted it, and nothing about who received it. A payload that
    /// every client accepts has at most 15 360 bytes. One that is larger than what the server can forward
    /// ([`MAX_FORWARDED_BYTES`](super::MAX_FORWARDED_BYTES)) is rejected here, as is a request without
    /// a [`Nonce`](super::Nonce).
    SendData(borrowed::SendDataRequest<'a>) -> borrowed::SendDataResponse, |it| check::send_data(it);
    /// Calls an RPC method of a participant and returns its response: the proof that it received the
    /// payload, of at most 15 360 bytes.
    ///
    /// **The receiver may run a call more than once.** Servers before 1.13.11 repeat it by themselves:
    /// with their default settings a receiver that takes 4 s runs it twice, one that takes 5 s three times
    /// (the response comes after 13 s), and one that takes 12 s three times, and then the call fails with
    /// status 408. From 1.13.11 on the server sends it once. An [`Outbox`](super::Outbox) repeats it,
    /// too, when no response arrived. Each attempt has a request id and a caller identity of its own, so
    /// neither tells a repeat: put a call id into the payload, such as the device's boot id and a running
    /// number, and let the receiver respond to an id that it has seen without running the method again.
    ///
    /// The server waits for the response for `response_timeout_ms`; if that is 0, for 15 s, before
    /// 1.13.11 for 10 s.
    ///
    /// # Commands for a device
    ///
    /// A device that only speaks HTTP receives commands by a call that the operator holds: it calls a
    /// method such as `wait_command` of the operator, the operator responds when it has a command, or
    /// with an empty payload when the time is over, and the device calls again. The command arrives
    /// some 2 ms after the response. Hold the response for less than 3 s on servers before 1.13.11, which
    /// repeat the call then; 45 s are fine on 1.13.11. `response_timeout_ms` and the deadline of the call
    /// have to be longer than that.
    PerformRpc(borrowed::PerformRpcRequest<'a>) -> borrowed::PerformRpcResponse<'a>, |it| check::perform_rpc(it);
    /// Changes name, metadata, attributes or permissions of a participant who is in the room.
    UpdateParticipant(borrowed::UpdateParticipantRequest<'a>) -> ParticipantInfo<'a>, |it| {
        check::not_empty("room", it.room).and_then(|()| check::not_empty("identity", it.identity))
    };
    /// Lists the participants of a room. The response has no bound: read it with
    /// [`ListReader`](super::ListReader).
    ListParticipants(borrowed::ListParticipantsRequest<'a>) -> borrowed::ListParticipantsResponse<'a>, |it| check::not_empty("room", it.room);
    /// Returns one participant of a room.
    GetParticipant(RoomParticipantIdentity<'a>) -> ParticipantInfo<'a>, |it| check::participant(it);
    /// Disconnects a participant.
    RemoveParticipant(RoomParticipantIdentity<'a>) -> borrowed::RemoveParticipantResponse, |it| check::participant(it);
    /// Creates a room and returns it; it takes a token with `roomCreate`.
    CreateRoom(borrowed::CreateRoomRequest<'a>) -> Room<'a>, |it| check::not_empty("name", it.name);
    /// Lists the live rooms; it takes a token with `roomList`.
    ListRooms(borrowed::ListRoomsRequest<'a>) -> borrowed::ListRoomsResponse<'a>;
    /// Ends a room and disconnects everybody in it.
    DeleteRoom(borrowed::DeleteRoomRequest<'a>) -> borrowed::DeleteRoomResponse, |it| check::not_empty("room", it.room);
    /// Mutes or unmutes a track that somebody publishes.
    MutePublishedTrack(borrowed::MuteRoomTrackRequest<'a>) -> borrowed::MuteRoomTrackResponse<'a>, |it| check::not_empty("room", it.room);
    /// Subscribes a participant to tracks of others, or ends subscriptions.
    UpdateSubscriptions(borrowed::UpdateSubscriptionsRequest<'a>) -> borrowed::UpdateSubscriptionsResponse, |it| check::not_empty("room", it.room);
    /// Replaces the metadata of a room and returns the room.
    UpdateRoomMetadata(borrowed::UpdateRoomMetadataRequest<'a>) -> Room<'a>, |it| check::not_empty("room", it.room);
    /// Shows a participant of one room in another room as well; LiveKit Cloud only.
    ForwardParticipant(borrowed::ForwardParticipantRequest<'a>) -> borrowed::ForwardParticipantResponse, |it| check::not_empty("room", it.room);
    /// Moves a participant from one room to another; LiveKit Cloud only.
    MoveParticipant(borrowed::MoveParticipantRequest<'a>) -> borrowed::MoveParticipantResponse, |it| check::not_empty("room", it.room);
}
