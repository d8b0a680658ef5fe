//! A firmware's signalling: six cases of a response are read, six of a request are sent.

use core::hint::black_box;
use femtopb::{EnumValue, Message as _, Repeated};

use crate::encode;
use crate::messages::{
    DisconnectReason, LeaveRequest, Ping, SessionDescription, SignalRequest, SignalResponse,
    SignalTarget, TrickleRequest, UpdateParticipantMetadata, signal_request::Message as Request,
    signal_response::Message as Response, update_participant_metadata::EntryOfAttributes,
};

#[inline(never)]
pub fn receive(encoded: &[u8]) -> bool {
    let Ok(response) = SignalResponse::decode(encoded) else { return false };
    match &response.message {
        Some(Response::Join(join)) => {
            black_box((join.ping_interval, join.ping_timeout, join.subscriber_primary));
            if let Some(participant) = &join.participant {
                black_box((participant.sid, participant.identity));
            }
            for server in &join.ice_servers {
                let Ok(server) = server else { return false };
                black_box((server.username, server.credential));
                for url in &server.urls {
                    let Ok(url) = url else { return false };
                    black_box(url);
                }
            }
        }
        Some(Response::Answer(description) | Response::Offer(description)) => {
            black_box((description.r#type, description.sdp, description.id));
        }
        Some(Response::Trickle(trickle)) => {
            black_box((trickle.candidate_init, trickle.target, trickle.r#final));
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
    send_each(text, number, buf).is_some()
}

fn send_each(text: &str, number: i64, buf: &mut [u8]) -> Option<()> {
    let offer = SessionDescription { r#type: "offer", sdp: text, id: 1, ..Default::default() };
    send(Request::Offer(offer), buf)?;

    let answer = SessionDescription { r#type: "answer", sdp: text, id: 1, ..Default::default() };
    send(Request::Answer(answer), buf)?;

    let target = EnumValue::Known(SignalTarget::Subscriber);
    let candidate_init = text;
    send(Request::Trickle(TrickleRequest { candidate_init, target, ..Default::default() }), buf)?;

    let reason = EnumValue::Known(DisconnectReason::ClientInitiated);
    send(Request::Leave(LeaveRequest { reason, ..Default::default() }), buf)?;

    send(Request::PingReq(Ping { timestamp: number, rtt: 3, ..Default::default() }), buf)?;

    let entry = EntryOfAttributes { key: "temperature", value: text, ..Default::default() };
    let attributes = [entry];
    let attributes = Repeated::from_slice(&attributes);
    let update = UpdateParticipantMetadata { attributes, ..Default::default() };
    send(Request::UpdateMetadata(update), buf)
}

#[inline(never)]
fn send(request: Request, buf: &mut [u8]) -> Option<()> {
    encode(&SignalRequest { message: Some(request), ..Default::default() }, buf).map(drop)
}
