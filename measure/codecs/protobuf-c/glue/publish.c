#include "codec.h"

// The strings are Rust's, with a NUL behind them: protobuf-c has no length of a string.
ptrdiff_t protobuf_c_publish(char *topic, const uint8_t *payload, size_t payload_len,
                             uint32_t sequence, uint8_t *buf, size_t size)
{
    Livekit__UserPacket user = LIVEKIT__USER_PACKET__INIT;
    user._topic_case = LIVEKIT__USER_PACKET___TOPIC_TOPIC;
    user.topic = topic;
    user.payload.data = (uint8_t *)payload;
    user.payload.len = payload_len;
    Livekit__DataPacket packet = LIVEKIT__DATA_PACKET__INIT;
    packet.value_case = LIVEKIT__DATA_PACKET__VALUE_USER;
    packet.user = &user;
    packet.sequence = sequence;
    return protobuf_c_encode(&packet, buf, size);
}
