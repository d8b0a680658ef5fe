// A participant's side of data packets as a firmware in C has it, on nanopb's messages: they are trimmed to the fields
// that it uses (trim.rs), one is received and one is sent.
#include "session.h"

#define MIN(a, b) ((a) < (b) ? (a) : (b))

enum {
    MAX_PAYLOAD = 15360,
    MAX_FRAME = 64000,
    SENDERS = 8,
    REMEMBERED_MS = 30000,
};

static session_DataPacket received, sent;

// The number of the last packet that was made.
static uint32_t sequence;

_Static_assert(session_DataPacket_size <= MAX_FRAME, "a frame of any content is delivered");

static bool is_same(const char *one, const char *other)
{
    while (*one && *one == *other)
        one++, other++;
    return *one == *other;
}

bool nanopb_session_is(const char *one, const char *other)
{
    return is_same(one, other);
}

static bool set(char *to, size_t size, const char *text)
{
    return nanopb_set_text(to, size, text, strlen(text));
}

#define SET(field, text) set(field, sizeof field, text)

// The case that comes next, all zero.
#define START(name)                                                                                \
    (sent.which_value = session_DataPacket_##name##_tag,                                           \
     memset(&sent.value.name, 0, sizeof sent.value.name), &sent.value.name)

// Numbers what is in `sent` and encodes it; -1 and no number if something is too long or not UTF-8.
static ptrdiff_t send(uint8_t *buf, size_t size)
{
    if (sequence == UINT32_MAX)
        return -1;
    sent.sequence = sequence + 1;
    ptrdiff_t len = nanopb_encode(session_DataPacket_fields, &sent, buf, size);
    if (len >= 0)
        sequence++;
    return len;
}

ptrdiff_t nanopb_session_publish(const char *topic, const uint8_t *payload, size_t payload_len,
                                 uint8_t *buf, size_t size)
{
    session_UserPacket *user = START(user);
    if (payload_len > MIN(MAX_PAYLOAD, sizeof user->payload.bytes) || !SET(user->topic, topic))
        return -1;
    user->has_topic = *topic != '\0';
    memcpy(user->payload.bytes, payload, payload_len);
    user->payload.size = payload_len;
#ifdef CALLEE
    sent.destination_identities_count = 0;
#endif
    return send(buf, size);
}

// The last numbers of senders, by their sids.
static struct sender {
    char sid[sizeof received.participant_sid];
    uint32_t last;
    uint32_t at;
} senders[SENDERS];

// False for a packet whose number is not above the last one of its sender. If too many send, the one heard longest ago
// is forgotten.
static bool is_new(uint32_t now)
{
    if (received.sequence == 0 || received.participant_sid[0] == '\0')
        return true;
    struct sender *oldest = senders;
    uint32_t oldest_age = 0;
    for (struct sender *it = senders; it < senders + SENDERS; it++) {
        uint32_t age = now - it->at;
        if (is_same(it->sid, received.participant_sid)) {
            if (received.sequence <= it->last && age < REMEMBERED_MS)
                return false;
            oldest = it;
            break;
        }
        if (it->sid[0] == '\0')
            age = UINT32_MAX;
        if (age > oldest_age) {
            oldest = it;
            oldest_age = age;
        }
    }
    memcpy(oldest->sid, received.participant_sid, sizeof oldest->sid);
    oldest->last = received.sequence;
    oldest->at = now;
    return true;
}

#ifdef CALLEE

enum { REQUESTS = 8, MAX_MESSAGE = 256 };

static const struct error unsupported_version = { 1404, "Unsupported RPC version", "" };
static const struct error response_too_large = { 1504, "Response payload too large", "" };

// FNV-1a of the last requests and their senders; 0 is free.
static uint32_t recent[REQUESTS];
static uint8_t next_recent;

static uint32_t hash(uint32_t hash, const char *text)
{
    while (*text)
        hash = (hash ^ (uint8_t)*text++) * 0x01000193;
    return hash;
}

// False for a request that is remembered.
static bool is_first(const char *request_id)
{
    uint32_t id = hash(hash(0x811c9dc5, request_id), received.participant_sid);
    if (id == 0)
        id = 1;
    for (size_t at = 0; at < REQUESTS; at++)
        if (recent[at] == id)
            return false;
    recent[next_recent++ % REQUESTS] = id;
    return true;
}

// A packet to one participant.
static bool address(const char *identity)
{
    sent.destination_identities_count = 1;
    return SET(sent.destination_identities[0], identity);
}

// Cuts a string between characters.
static void set_start(char *to, size_t max, const char *text)
{
    size_t len = strlen(text);
    if (len > max) {
        len = max;
        while (len > 0 && (text[len] & 0xc0) == 0x80)
            len--;
    }
    memcpy(to, text, len);
    to[len] = '\0';
}

ptrdiff_t nanopb_session_respond(const char *identity, const char *request_id, const char *payload,
                                 const struct error *error, uint8_t *buf, size_t size)
{
    session_RpcResponse *response = START(rpc_response);
    if (!address(identity) || !SET(response->request_id, request_id))
        return -1;
    if (!error) {
        size_t max = MIN(MAX_PAYLOAD, sizeof response->value.payload - 1);
        response->which_value = session_RpcResponse_payload_tag;
        if (!set(response->value.payload, max + 1, payload))
            error = &response_too_large;
    }
    if (error) {
        session_RpcError *of = &response->value.error;
        response->which_value = session_RpcResponse_error_tag;
        of->code = error->code;
        set_start(of->message, MIN(MAX_MESSAGE, sizeof of->message - 1), error->message);
        set_start(of->data, MIN(MAX_PAYLOAD, sizeof of->data - 1), error->data);
    }
    return send(buf, size);
}

// A request is acknowledged first, always; one that is remembered is not run again.
static void called(struct event *event, uint8_t *out, size_t size)
{
    const session_RpcRequest *request = &received.value.rpc_request;
    session_RpcAck *ack = START(rpc_ack);
    if (!address(received.participant_identity) || !SET(ack->request_id, request->id))
        return;
    ptrdiff_t len = send(out, size);
    // One that was not acknowledged comes again, and has not run.
    if (len < 0)
        return;
    event->replies[0] = len;
    if (!is_first(request->id))
        return;
    if (request->version != 1) {
        len = nanopb_session_respond(received.participant_identity, request->id, NULL,
                                     &unsupported_version, out + len, size - len);
        event->replies[1] = len < 0 ? 0 : len;
        return;
    }
    event->kind = CALL;
    event->call = (struct call){
        .request_id = request->id,
        .method = request->method,
        .payload = request->payload,
        .response_timeout_ms = request->response_timeout_ms,
    };
}

#endif

// Takes a frame; false if it is not a packet, or one that is larger than the messages. What `event` points to stays until
// the next call.
bool nanopb_session_receive(bool is_reliable, const uint8_t *frame, size_t len, uint32_t now,
                            uint8_t *out, size_t size, struct event *event)
{
    event->kind = NOTHING;
    event->from = received.participant_identity;
    event->replies[0] = event->replies[1] = 0;
    if (!nanopb_decode(session_DataPacket_fields, &received, frame, len))
        return false;
    if (is_reliable && !is_new(now))
        return true;
    switch (received.which_value) {
    case session_DataPacket_user_tag:
        event->kind = DATA;
        event->data.topic = received.value.user.topic;
        event->data.payload = received.value.user.payload.bytes;
        event->data.payload_len = received.value.user.payload.size;
        break;
#ifdef CALLEE
    case session_DataPacket_rpc_request_tag:
        called(event, out, size);
        break;
#endif
    default:
        event->kind = OTHER;
        break;
    }
    return true;
}
