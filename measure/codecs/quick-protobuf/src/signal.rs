//! A firmware's signalling: six cases of a response are read, six of a request are sent.

use core::hint::black_box;

use crate::messages::{
    DisconnectReason, LeaveRequest, Ping, SessionDescription, SignalRequest, SignalResponse,
    SignalTarget, TrickleRequest, UpdateParticipantMetadata,
    mod_SignalRequest::OneOfmessage as Request, mod_SignalResponse::OneOfmessage as Response,
};
use crate::{decode, encode, with_heap};

#[inline(never)]
pub fn receive(encoded: &[u8]) -> bool {
    with_heap();
    let Some(response) = decode::<SignalResponse>(encoded) else { return false };
    match &response.message {
        Response::join(join) => {
            black_box((join.ping_interval, join.ping_timeout, join.subscriber_primary));
            if let Some(participant) = &join.participant {
                black_box((&*participant.sid, &*participant.identity));
            }
            for server in &join.ice_servers {
                black_box((&*server.username, &*server.credential));
                for url in &server.urls {
                    black_box(&**url);
                }
            }
        }
        Response::answer(description) | Response::offer(description) => {
            black_box((&*description.type_pb, &*description.sdp, description.id));
        }
        Response::trickle(trickle) => {
            black_box((&*trickle.candidateInit, trickle.target, trickle.final_pb));
        }
        Response::leave(leave) => {
            black_box((leave.can_reconnect, leave.reason, leave.action));
        }
        Response::pong_resp(pong) => {
            black_box((pong.last_ping_timestamp, pong.timestamp));
        }
        _ => {}
    }
    true
}

/// One request of each kind, around a string and a number of the firmware's.
#[inline(never)]
pub fn send_all(text: &str, number: i64, buf: &mut [u8]) -> bool {
    with_heap();
    send_each(text, number, buf).is_some()
}

fn send_each(text: &str, number: i64, buf: &mut [u8]) -> Option<()> {
    let description = |ty: &'static str| SessionDescription {
        type_pb: ty.into(),
        sdp: text.into(),
        id: 1,
        ..Default::default()
    };
    send(Request::offer(description("offer")), buf)?;
    send(Request::answer(description("answer")), buf)?;

    let (candidate, target) = (text.into(), SignalTarget::SUBSCRIBER);
    send(
        Request::trickle(TrickleRequest { candidateInit: candidate, target, ..Default::default() }),
        buf,
    )?;

    let reason = DisconnectReason::CLIENT_INITIATED;
    send(Request::leave(LeaveRequest { reason, ..Default::default() }), buf)?;

    send(Request::ping_req(Ping { timestamp: number, rtt: 3 }), buf)?;

    let mut update = UpdateParticipantMetadata::default();
    update.attributes.insert("temperature".into(), text.into());
    send(Request::update_metadata(update), buf)
}

#[inline(never)]
fn send(request: Request, buf: &mut [u8]) -> Option<()> {
    encode(&SignalRequest { message: request }, buf).map(drop)
}
