#include "codec.h"

// Too large for a stack. What is not set here stays zero, so it need not be cleared each time.
static livekit_DataPacket packet;

ptrdiff_t nanopb_publish(const char *topic, size_t topic_len, const uint8_t *payload,
                         size_t payload_len, uint32_t sequence, uint8_t *buf, size_t size)
{
    livekit_UserPacket *user = &packet.value.user;
    if (!nanopb_set_text(user->topic, sizeof user->topic, topic, topic_len)
        || payload_len > sizeof user->payload.bytes)
        return -1;
    user->has_topic = true;
    memcpy(user->payload.bytes, payload, payload_len);
    user->payload.size = payload_len;
    packet.which_value = livekit_DataPacket_user_tag;
    packet.sequence = sequence;
    return nanopb_encode(livekit_DataPacket_fields, &packet, buf, size);
}
