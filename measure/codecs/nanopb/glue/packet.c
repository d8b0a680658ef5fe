// The packet of the speed measurements.
#include "codec.h"

// The packet is Rust's, and empty.
void nanopb_packet_fill(livekit_DataPacket *packet, const uint8_t *payload, size_t len)
{
    livekit_UserPacket *user = &packet->value.user;
    if (len > sizeof user->payload.bytes)
        len = sizeof user->payload.bytes;
    memcpy(user->payload.bytes, payload, len);
    user->payload.size = len;
    memcpy(user->topic, "temperature", 12);
    user->has_topic = true;
    memcpy(user->id, "0f1e2d3c-4b5a-6978-87", 22);
    user->has_id = true;
    user->start_time = 1763800000123;
    user->has_start_time = true;

    memcpy(packet->participant_identity, "sensor-kitchen-1", 17);
    memcpy(packet->destination_identities[0], "robot-arm-left", 15);
    memcpy(packet->destination_identities[1], "robot-arm-righ", 15);
    packet->destination_identities_count = 2;
    packet->sequence = 300;
    memcpy(packet->participant_sid, "PA_0123456789ab", 16);
    packet->which_value = livekit_DataPacket_user_tag;
}

ptrdiff_t nanopb_packet_encode(const livekit_DataPacket *packet, uint8_t *buf, size_t size)
{
    return nanopb_encode(livekit_DataPacket_fields, packet, buf, size);
}

bool nanopb_packet_decode(livekit_DataPacket *packet, const uint8_t *encoded, size_t len)
{
    return nanopb_decode(livekit_DataPacket_fields, packet, encoded, len);
}

// What Rust calls `Read`.
struct read {
    const uint8_t *payload;
    size_t payload_len;
    const char *topic;
    size_t topic_len;
};

bool nanopb_packet_read(livekit_DataPacket *packet, const uint8_t *encoded, size_t len,
                        struct read *read)
{
    if (!nanopb_packet_decode(packet, encoded, len)
        || packet->which_value != livekit_DataPacket_user_tag)
        return false;
    const livekit_UserPacket *user = &packet->value.user;
    read->payload = user->payload.bytes;
    read->payload_len = user->payload.size;
    // Empty if there is none.
    read->topic = user->topic;
    read->topic_len = strlen(user->topic);
    return true;
}
