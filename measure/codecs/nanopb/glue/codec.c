#include "codec.h"

ptrdiff_t nanopb_encode(const pb_msgdesc_t *type, const void *message, uint8_t *buf, size_t size)
{
    pb_ostream_t stream = pb_ostream_from_buffer(buf, size);
    return pb_encode(&stream, type, message) ? (ptrdiff_t)stream.bytes_written : -1;
}

bool nanopb_decode(const pb_msgdesc_t *type, void *message, const uint8_t *encoded, size_t len)
{
    pb_istream_t stream = pb_istream_from_buffer(encoded, len);
    return pb_decode(&stream, type, message);
}

bool nanopb_set_text(char *to, size_t size, const char *text, size_t len)
{
    if (len >= size)
        return false;
    memcpy(to, text, len);
    to[len] = '\0';
    return true;
}
