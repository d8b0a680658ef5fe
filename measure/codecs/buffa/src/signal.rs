//! A firmware's signalling: six cases of a response are read, six of a request are sent.

use alloc::boxed::Box;
use core::hint::black_box;

use buffa::MessageView;

use crate::generated::livekit::__buffa::view::oneof::signal_request::Message as Request;
use crate::generated::livekit::__buffa::view::oneof::signal_response::Message as Response;
use crate::generated::livekit::{DisconnectReason, SignalTarget};
use crate::messages::{
    LeaveRequest, Ping, SessionDescription, SignalRequest, SignalResponse, TrickleRequest,
    UpdateParticipantMetadata,
};
use crate::{encode, with_heap};

#[inline(never)]
pub fn receive(encoded: &[u8]) -> bool {
    with_heap();
    let Ok(response) = SignalResponse::decode_view(encoded) else { return false };
    match &response.message {
        Some(Response::Join(join)) => {
            black_box((join.ping_interval, join.ping_timeout, join.subscriber_primary));
            if join.participant.is_set() {
                black_box((join.participant.sid, join.participant.identity));
            }
            for server in join.ice_servers.iter() {
                black_box((server.username, server.credential));
                for url in server.urls.iter() {
                    black_box(url);
                }
            }
        }
        Some(Response::Answer(description) | Response::Offer(description)) => {
            black_box((description.r#type, description.sdp, description.id));
        }
        Some(Response::Trickle(trickle)) => {
            black_box((trickle.candidateInit, trickle.target, trickle.r#final));
        }
        Some(Response::Leave(leave)) => {
            black_box((leave.can_reconnect, leave.reason, leave.action));
        }
        Some(Response::PongResp(pong)) => {
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
    let offer = SessionDescription { r#type: "offer", sdp: text, id: 1, ..Default::default() };
    send(Request::Offer(Box::new(offer)), buf)?;

    let answer = SessionDescription { r#type: "answer", sdp: text, id: 1, ..Default::default() };
    send(Request::Answer(Box::new(answer)), buf)?;

    let target = SignalTarget::SUBSCRIBER.into();
    let trickle = TrickleRequest { candidateInit: text, target, ..Default::default() };
    send(Request::Trickle(Box::new(trickle)), buf)?;

    let reason = DisconnectReason::CLIENT_INITIATED.into();
    send(Request::Leave(Box::new(LeaveRequest { reason, ..Default::default() })), buf)?;

    let ping = Ping { timestamp: number, rtt: 3, ..Default::default() };
    send(Request::PingReq(Box::new(ping)), buf)?;

    let attributes = [("temperature", text)].into_iter().collect();
    let update = UpdateParticipantMetadata { attributes, ..Default::default() };
    send(Request::UpdateMetadata(Box::new(update)), buf)
}

#[inline(never)]
fn send(request: Request, buf: &mut [u8]) -> Option<()> {
    encode(&SignalRequest { message: Some(request) }, buf).map(drop)
}
