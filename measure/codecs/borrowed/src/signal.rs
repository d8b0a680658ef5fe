//! A firmware's signalling: six cases of a response are read, six of a request are sent.

use core::hint::black_box;

use livekit_micro::borrowed::{
    LeaveRequest, Ping, SessionDescription, SignalRequest, SignalResponse, TrickleRequest,
    UpdateParticipantMetadata, signal_request::Message as Request,
    signal_response::Message as Response,
};
use livekit_micro::owned::{DisconnectReason, SignalTarget};
use livekit_micro::{decode_into, to_slice};

#[inline(never)]
pub fn receive(encoded: &[u8]) -> bool {
    let mut response = SignalResponse::default();
    if decode_into(&mut response, encoded).is_err() {
        return false;
    }
    match &response.message {
        Some(Response::Join(join)) => {
            let mut decoded = Default::default();
            let Ok(join) = join.read_into(&mut decoded) else { return false };
            black_box((join.ping_interval, join.ping_timeout, join.subscriber_primary));
            if let Some(participant) = &join.participant {
                let mut decoded = Default::default();
                let Ok(participant) = participant.read_into(&mut decoded) else { return false };
                black_box((participant.sid, participant.identity));
            }
            for server in &join.ice_servers {
                let mut decoded = Default::default();
                let Ok(server) = server.read_into(&mut decoded) else { return false };
                black_box((server.username, server.credential));
                for url in &server.urls {
                    black_box(url);
                }
            }
        }
        Some(Response::Answer(description) | Response::Offer(description)) => {
            let mut decoded = Default::default();
            let Ok(description) = description.read_into(&mut decoded) else { return false };
            black_box((description.type_, description.sdp, description.id));
        }
        Some(Response::Trickle(trickle)) => {
            let mut decoded = Default::default();
            let Ok(trickle) = trickle.read_into(&mut decoded) else { return false };
            black_box((trickle.candidate_init, trickle.target, trickle.final_));
        }
        Some(Response::Leave(leave)) => {
            let mut decoded = Default::default();
            let Ok(leave) = leave.read_into(&mut decoded) else { return false };
            black_box((leave.can_reconnect, leave.reason, leave.action));
        }
        Some(Response::PongResp(pong)) => {
            let mut decoded = Default::default();
            let Ok(pong) = pong.read_into(&mut decoded) else { return false };
            black_box((pong.last_ping_timestamp, pong.timestamp));
        }
        _ => {}
    }
    true
}

#[inline(never)]
fn send(request: Request<'_>, buf: &mut [u8]) -> bool {
    to_slice(&SignalRequest { message: Some(request) }, buf).is_ok()
}

/// One request of each kind, around a string and a number of the firmware's.
#[inline(never)]
pub fn send_all(text: &str, number: i64, buf: &mut [u8]) -> bool {
    let offer = SessionDescription { type_: "offer", sdp: text, id: 1, ..Default::default() };
    let mut sent = send(Request::Offer((&offer).into()), buf);

    let answer = SessionDescription { type_: "answer", sdp: text, id: 1, ..Default::default() };
    sent &= send(Request::Answer((&answer).into()), buf);

    let target = SignalTarget::Subscriber;
    let trickle = TrickleRequest { candidate_init: text, target, ..Default::default() };
    sent &= send(Request::Trickle((&trickle).into()), buf);

    let reason = DisconnectReason::ClientInitiated;
    let leave = LeaveRequest { reason, ..Default::default() };
    sent &= send(Request::Leave((&leave).into()), buf);

    let ping = Ping { timestamp: number, rtt: 3 };
    sent &= send(Request::PingReq((&ping).into()), buf);

    let attributes = [("temperature", text)];
    let attributes = (&attributes).into();
    let update = UpdateParticipantMetadata { attributes, ..Default::default() };
    sent & send(Request::UpdateMetadata((&update).into()), buf)
}
