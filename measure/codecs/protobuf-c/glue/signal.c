// A firmware's signalling: six cases of a response are read, six of a request are sent.
#include "codec.h"

// Where all that is read goes; a 64-bit number in two parts.
static volatile uintptr_t sink;

static void see(const void *text)
{
    sink = (uintptr_t)text;
}

static void see_number(int64_t number)
{
    sink = (uintptr_t)number;
    sink = (uintptr_t)((uint64_t)number >> 32);
}

static void see_join(const Livekit__JoinResponse *join)
{
    sink = (uintptr_t)join->ping_interval;
    sink = (uintptr_t)join->ping_timeout;
    sink = (uintptr_t)join->subscriber_primary;
    if (join->participant) {
        see(join->participant->sid);
        see(join->participant->identity);
    }
    for (size_t at = 0; at < join->n_ice_servers; at++) {
        const Livekit__ICEServer *server = join->ice_servers[at];
        see(server->username);
        see(server->credential);
        for (size_t url = 0; url < server->n_urls; url++)
            see(server->urls[url]);
    }
}

static void see_description(const Livekit__SessionDescription *description)
{
    see(description->type);
    see(description->sdp);
    sink = description->id;
}

bool protobuf_c_signal_receive(const uint8_t *encoded, size_t len)
{
    Livekit__SignalResponse *response = livekit__signal_response__unpack(NULL, len, encoded);
    if (!response)
        return false;
    switch (response->message_case) {
    case LIVEKIT__SIGNAL_RESPONSE__MESSAGE_JOIN:
        see_join(response->join);
        break;
    case LIVEKIT__SIGNAL_RESPONSE__MESSAGE_ANSWER:
        see_description(response->answer);
        break;
    case LIVEKIT__SIGNAL_RESPONSE__MESSAGE_OFFER:
        see_description(response->offer);
        break;
    case LIVEKIT__SIGNAL_RESPONSE__MESSAGE_TRICKLE:
        see(response->trickle->candidateinit);
        sink = response->trickle->target;
        sink = (uintptr_t)response->trickle->final;
        break;
    case LIVEKIT__SIGNAL_RESPONSE__MESSAGE_LEAVE:
        sink = (uintptr_t)response->leave->can_reconnect;
        sink = response->leave->reason;
        sink = response->leave->action;
        break;
    case LIVEKIT__SIGNAL_RESPONSE__MESSAGE_PONG_RESP:
        see_number(response->pong_resp->last_ping_timestamp);
        see_number(response->pong_resp->timestamp);
        break;
    default:
        break;
    }
    livekit__signal_response__free_unpacked(response, NULL);
    return true;
}

static bool send(Livekit__SignalRequest *request, Livekit__SignalRequest__MessageCase which,
                 uint8_t *buf, size_t size)
{
    request->message_case = which;
    return protobuf_c_encode(request, buf, size) >= 0;
}

// One request of each kind, around a string and a number of the firmware's.
bool protobuf_c_signal_send_all(char *text, int64_t number, uint8_t *buf, size_t size)
{
    Livekit__SignalRequest request = LIVEKIT__SIGNAL_REQUEST__INIT;
    Livekit__SessionDescription description = LIVEKIT__SESSION_DESCRIPTION__INIT;
    description.type = "offer";
    description.sdp = text;
    description.id = 1;
    request.offer = &description;
    bool sent = send(&request, LIVEKIT__SIGNAL_REQUEST__MESSAGE_OFFER, buf, size);

    description.type = "answer";
    request.answer = &description;
    sent &= send(&request, LIVEKIT__SIGNAL_REQUEST__MESSAGE_ANSWER, buf, size);

    Livekit__TrickleRequest trickle = LIVEKIT__TRICKLE_REQUEST__INIT;
    trickle.candidateinit = text;
    trickle.target = LIVEKIT__SIGNAL_TARGET__SUBSCRIBER;
    request.trickle = &trickle;
    sent &= send(&request, LIVEKIT__SIGNAL_REQUEST__MESSAGE_TRICKLE, buf, size);

    Livekit__LeaveRequest leave = LIVEKIT__LEAVE_REQUEST__INIT;
    leave.reason = LIVEKIT__DISCONNECT_REASON__CLIENT_INITIATED;
    request.leave = &leave;
    sent &= send(&request, LIVEKIT__SIGNAL_REQUEST__MESSAGE_LEAVE, buf, size);

    Livekit__Ping ping = LIVEKIT__PING__INIT;
    ping.timestamp = number;
    ping.rtt = 3;
    request.ping_req = &ping;
    sent &= send(&request, LIVEKIT__SIGNAL_REQUEST__MESSAGE_PING_REQ, buf, size);

    Livekit__UpdateParticipantMetadata__AttributesEntry entry =
        LIVEKIT__UPDATE_PARTICIPANT_METADATA__ATTRIBUTES_ENTRY__INIT;
    Livekit__UpdateParticipantMetadata__AttributesEntry *entries[] = { &entry };
    entry.key = "temperature";
    entry.value = text;
    Livekit__UpdateParticipantMetadata update = LIVEKIT__UPDATE_PARTICIPANT_METADATA__INIT;
    update.n_attributes = 1;
    update.attributes = entries;
    request.update_metadata = &update;
    return sent & send(&request, LIVEKIT__SIGNAL_REQUEST__MESSAGE_UPDATE_METADATA, buf, size);
}
