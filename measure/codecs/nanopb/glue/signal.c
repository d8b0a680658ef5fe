// A firmware's signalling: six cases of a response are read, six of a request are sent.
#include "codec.h"

// Never both at once.
static union {
    livekit_SignalResponse response;
    livekit_SignalRequest request;
} place;

// Where all that is read goes; a 64-bit number in two parts.
static volatile uintptr_t sink;

static void see(const char *text)
{
    sink = (uintptr_t)text;
}

static void see_number(int64_t number)
{
    sink = (uintptr_t)number;
    sink = (uintptr_t)((uint64_t)number >> 32);
}

static void see_join(const livekit_JoinResponse *join)
{
    sink = (uintptr_t)join->ping_interval;
    sink = (uintptr_t)join->ping_timeout;
    sink = join->subscriber_primary;
    if (join->has_participant) {
        see(join->participant.sid);
        see(join->participant.identity);
    }
    for (size_t at = 0; at < join->ice_servers_count; at++) {
        const livekit_ICEServer *server = &join->ice_servers[at];
        see(server->username);
        see(server->credential);
        for (size_t url = 0; url < server->urls_count; url++)
            see(server->urls[url]);
    }
}

static void see_description(const livekit_SessionDescription *description)
{
    see(description->type);
    see(description->sdp);
    sink = description->id;
}

bool nanopb_signal_receive(const uint8_t *encoded, size_t len)
{
    livekit_SignalResponse *response = &place.response;
    if (!nanopb_decode(livekit_SignalResponse_fields, response, encoded, len))
        return false;
    switch (response->which_message) {
    case livekit_SignalResponse_join_tag:
        see_join(&response->message.join);
        break;
    case livekit_SignalResponse_answer_tag:
        see_description(&response->message.answer);
        break;
    case livekit_SignalResponse_offer_tag:
        see_description(&response->message.offer);
        break;
    case livekit_SignalResponse_trickle_tag:
        see(response->message.trickle.candidateInit);
        sink = response->message.trickle.target;
        sink = response->message.trickle.final;
        break;
    case livekit_SignalResponse_leave_tag:
        sink = response->message.leave.can_reconnect;
        sink = response->message.leave.reason;
        sink = response->message.leave.action;
        break;
    case livekit_SignalResponse_pong_resp_tag:
        see_number(response->message.pong_resp.last_ping_timestamp);
        see_number(response->message.pong_resp.timestamp);
        break;
    }
    return true;
}

// The case that comes next, all zero.
#define START(name)                                                                                \
    (place.request.which_message = livekit_SignalRequest_##name##_tag,                             \
     memset(&place.request.message.name, 0, sizeof place.request.message.name),                    \
     &place.request.message.name)

#define SET(field, text, len) nanopb_set_text(field, sizeof field, text, len)
#define SET_CONSTANT(field, text) SET(field, text, sizeof text - 1)

static bool send(uint8_t *buf, size_t size)
{
    return nanopb_encode(livekit_SignalRequest_fields, &place.request, buf, size) >= 0;
}

static bool send_description(livekit_SessionDescription *description, const char *sdp,
                             size_t sdp_len, uint8_t *buf, size_t size)
{
    description->id = 1;
    return SET(description->sdp, sdp, sdp_len) && send(buf, size);
}

static bool send_offer(const char *sdp, size_t sdp_len, uint8_t *buf, size_t size)
{
    livekit_SessionDescription *offer = START(offer);
    return SET_CONSTANT(offer->type, "offer") && send_description(offer, sdp, sdp_len, buf, size);
}

static bool send_answer(const char *sdp, size_t sdp_len, uint8_t *buf, size_t size)
{
    livekit_SessionDescription *answer = START(answer);
    return SET_CONSTANT(answer->type, "answer")
        && send_description(answer, sdp, sdp_len, buf, size);
}

static bool send_trickle(const char *candidate, size_t candidate_len, uint8_t *buf, size_t size)
{
    livekit_TrickleRequest *trickle = START(trickle);
    trickle->target = livekit_SignalTarget_SUBSCRIBER;
    return SET(trickle->candidateInit, candidate, candidate_len) && send(buf, size);
}

static bool send_leave(uint8_t *buf, size_t size)
{
    START(leave)->reason = livekit_DisconnectReason_CLIENT_INITIATED;
    return send(buf, size);
}

static bool send_ping(int64_t timestamp, uint8_t *buf, size_t size)
{
    livekit_Ping *ping = START(ping_req);
    ping->timestamp = timestamp;
    ping->rtt = 3;
    return send(buf, size);
}

static bool send_attribute(const char *value, size_t value_len, uint8_t *buf, size_t size)
{
    livekit_UpdateParticipantMetadata *update = START(update_metadata);
    update->attributes_count = 1;
    return SET_CONSTANT(update->attributes[0].key, "temperature")
        && SET(update->attributes[0].value, value, value_len) && send(buf, size);
}

// One request of each kind, around a string and a number of the firmware's.
bool nanopb_signal_send_all(const char *text, size_t len, int64_t number, uint8_t *buf, size_t size)
{
    return send_offer(text, len, buf, size) & send_answer(text, len, buf, size)
        & send_trickle(text, len, buf, size) & send_leave(buf, size)
        & send_ping(number, buf, size) & send_attribute(text, len, buf, size);
}
