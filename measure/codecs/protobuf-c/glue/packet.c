// The packet of the speed measurements.
#include "codec.h"

#include <string.h>

// The packet with this payload. It lies in statics and refers to the payload.
const Livekit__DataPacket *protobuf_c_packet_with(const uint8_t *payload, size_t len)
{
    static Livekit__UserPacket user;
    static Livekit__DataPacket packet;
    static char *to[] = { "robot-arm-left", "robot-arm-righ" };
    livekit__user_packet__init(&user);
    user.payload.data = (uint8_t *)payload;
    user.payload.len = len;
    // An optional field is a oneof of one case.
    user._topic_case = LIVEKIT__USER_PACKET___TOPIC_TOPIC;
    user.topic = "temperature";
    user._id_case = LIVEKIT__USER_PACKET___ID_ID;
    user.id = "0f1e2d3c-4b5a-6978-87";
    user._start_time_case = LIVEKIT__USER_PACKET___START_TIME_START_TIME;
    user.start_time = 1763800000123;
    livekit__data_packet__init(&packet);
    packet.participant_identity = "sensor-kitchen-1";
    packet.n_destination_identities = 2;
    packet.destination_identities = to;
    packet.sequence = 300;
    packet.participant_sid = "PA_0123456789ab";
    packet.value_case = LIVEKIT__DATA_PACKET__VALUE_USER;
    packet.user = &user;
    return &packet;
}

ptrdiff_t protobuf_c_packet_encode(const Livekit__DataPacket *packet, uint8_t *buf, size_t size)
{
    return packet ? protobuf_c_encode(packet, buf, size) : -1;
}

// Replaces the packet, which may be NULL; NULL on any error.
Livekit__DataPacket *protobuf_c_packet_decode(Livekit__DataPacket *packet, const uint8_t *encoded,
                                              size_t len)
{
    if (packet)
        livekit__data_packet__free_unpacked(packet, NULL);
    return livekit__data_packet__unpack(NULL, len, encoded);
}

// What Rust calls `Read`.
struct read {
    const uint8_t *payload;
    size_t payload_len;
    const char *topic;
    size_t topic_len;
};

bool protobuf_c_packet_read(const Livekit__DataPacket *packet, struct read *read)
{
    if (!packet || packet->value_case != LIVEKIT__DATA_PACKET__VALUE_USER
        || packet->user->_topic_case != LIVEKIT__USER_PACKET___TOPIC_TOPIC)
        return false;
    const Livekit__UserPacket *user = packet->user;
    read->payload = user->payload.data;
    read->payload_len = user->payload.len;
    read->topic = user->topic;
    read->topic_len = strlen(user->topic);
    return true;
}
