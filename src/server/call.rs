//! What can be called: the methods of RoomService, each with its request and its answer.

use super::RequestError;
use super::check;
#[cfg(feature = "embedded-io")]
use super::{Endpoint, ExchangeError};
use crate::borrowed::{self, ParticipantInfo, Room, RoomParticipantIdentity};
use crate::{Decode, Encode};

/// A method of one of LiveKit's services.
///
/// RoomService's are here; for another service a firmware writes such an implementation itself:
/// the path is `/twirp/`, the service's full name and the method's.
///
#[cfg_attr(feature = "egress", doc = "```")]
#[cfg_attr(not(feature = "egress"), doc = "```ignore")]
/// use livekit_micro::borrowed::{ListEgressRequest, ListEgressResponse};
/// use livekit_micro::server::Call;
///
/// struct ListEgress;
///
/// impl Call for ListEgress {
///     type Request<'a> = ListEgressRequest<'a>;
///     type Response<'a> = ListEgressResponse<'a>;
///     const PATH: &'static str = "/twirp/livekit.Egress/ListEgress";
/// }
/// ```
pub trait Call {
    /// The message that is sent.
    type Request<'a>: Encode;
    /// The message that answers it.
    type Response<'a>: Decode<'a>;
    /// Where it is posted to.
    const PATH: &'static str;

    /// Refuses what the server would refuse, or take and lose.
    ///
    /// # Errors
    /// A [`RequestError`] that names the field.
    fn check(request: &Self::Request<'_>) -> Result<(), RequestError> {
        let _ = request;
        Ok(())
    }

    /// Makes the call over an open connection, by way of `buf`, which holds the request and then the
    /// answer. It waits for ever: put a timeout around it, of 4 s or more, for [`PerformRpc`] of what
    /// the receiver may take (`response_timeout_ms`, 10 s if 0) and 4 s more.
    ///
    /// Where one connection serves for several calls, take its parts, [`Endpoint::request`] and
    /// [`Reply`](super::Reply), which also tells whether it does.
    ///
    /// # Errors
    /// See [`ExchangeError`].
    #[cfg(feature = "embedded-io")]
    #[allow(async_fn_in_trait)] // whether the future is `Send` is the connection's business
    async fn call<'b, S: embedded_io_async::Read + embedded_io_async::Write>(
        connection: &mut S,
        endpoint: &Endpoint<'_>,
        request: &Self::Request<'_>,
        buf: &'b mut [u8],
    ) -> Result<Self::Response<'b>, ExchangeError<S::Error>>
    where
        Self: Sized,
    {
        super::exchange::exchange::<Self, S>(connection, endpoint, request, buf).await
    }
}

macro_rules! room_service {
    ($($(#[$doc:meta])* $method:ident($request:ty) -> $response:ty $(, |$it:ident| $check:expr)?;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $method;

        impl Call for $method {
            type Request<'a> = $request;
            type Response<'a> = $response;
            const PATH: &'static str = concat!("/twirp/livekit.RoomService/", stringify!($method));

            $(fn check($it: &Self::Request<'_>) -> Result<(), RequestError> {
                $check
            })?
        }
    )*

        /// Every method here, for tests: they hold it against the schema.
        #[doc(hidden)]
        pub const ROOM_SERVICE: &[&str] = &[$($method::PATH),*];
    };
}

room_service! {
    /// Sends a data packet into a room, to all participants or to some.
    ///
    /// An answer of 200 says that the server accepted it, and nothing about who received it. The
    /// payload may have 15 360 bytes if every client is to take it; what is larger than the server can
    /// hand on ([`MAX_FORWARDED_BYTES`](super::MAX_FORWARDED_BYTES)) is refused here. A nonce is
    /// wanted, see [`Nonce`](super::Nonce).
    SendData(borrowed::SendDataRequest<'a>) -> borrowed::SendDataResponse, |it| check::send_data(it);
    /// Calls an RPC method of a participant and returns what it answered: the proof that it received
    /// the payload, of at most 15 360 bytes.
    PerformRpc(borrowed::PerformRpcRequest<'a>) -> borrowed::PerformRpcResponse<'a>, |it| check::perform_rpc(it);
    /// Changes name, metadata, attributes or permissions of a participant who is in the room.
    UpdateParticipant(borrowed::UpdateParticipantRequest<'a>) -> ParticipantInfo<'a>, |it| {
        check::present("room", it.room).and_then(|()| check::present("identity", it.identity))
    };
    /// Lists the participants of a room. The answer has no bound: read it with
    /// [`Records`](super::Records).
    ListParticipants(borrowed::ListParticipantsRequest<'a>) -> borrowed::ListParticipantsResponse<'a>, |it| check::present("room", it.room);
    /// Returns one participant of a room.
    GetParticipant(RoomParticipantIdentity<'a>) -> ParticipantInfo<'a>, |it| check::participant(it);
    /// Disconnects a participant.
    RemoveParticipant(RoomParticipantIdentity<'a>) -> borrowed::RemoveParticipantResponse, |it| check::participant(it);
    /// Creates a room and returns it; a token with `roomCreate` may.
    CreateRoom(borrowed::CreateRoomRequest<'a>) -> Room<'a>, |it| check::present("name", it.name);
    /// Lists the live rooms; a token with `roomList` may.
    ListRooms(borrowed::ListRoomsRequest<'a>) -> borrowed::ListRoomsResponse<'a>;
    /// Ends a room and disconnects everybody in it.
    DeleteRoom(borrowed::DeleteRoomRequest<'a>) -> borrowed::DeleteRoomResponse, |it| check::present("room", it.room);
    /// Mutes or unmutes a track that somebody publishes.
    MutePublishedTrack(borrowed::MuteRoomTrackRequest<'a>) -> borrowed::MuteRoomTrackResponse<'a>, |it| check::present("room", it.room);
    /// Subscribes a participant to tracks of others, or ends subscriptions.
    UpdateSubscriptions(borrowed::UpdateSubscriptionsRequest<'a>) -> borrowed::UpdateSubscriptionsResponse, |it| check::present("room", it.room);
    /// Replaces the metadata of a room and returns the room.
    UpdateRoomMetadata(borrowed::UpdateRoomMetadataRequest<'a>) -> Room<'a>, |it| check::present("room", it.room);
    /// Shows a participant of one room in another room as well; LiveKit Cloud only.
    ForwardParticipant(borrowed::ForwardParticipantRequest<'a>) -> borrowed::ForwardParticipantResponse, |it| check::present("room", it.room);
    /// Moves a participant from one room to another; LiveKit Cloud only.
    MoveParticipant(borrowed::MoveParticipantRequest<'a>) -> borrowed::MoveParticipantResponse, |it| check::present("room", it.room);
}
