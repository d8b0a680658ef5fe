#include "codec.h"
#include "messages.h"

ptrdiff_t protobuf_c_encode(const void *message, uint8_t *buf, size_t size)
{
    // It writes without looking at the end of the buffer.
    if (protobuf_c_message_get_packed_size(message) > size)
        return -1;
    return (ptrdiff_t)protobuf_c_message_pack(message, buf);
}

// newlib's malloc takes its memory from here: as much as the heap of the Rust codecs.
void *_sbrk(ptrdiff_t more)
{
    static char memory[4096] __attribute__((aligned(8)));
    static size_t used;
    if (more < 0 ? (size_t)-more > used : (size_t)more > sizeof memory - used)
        return (void *)-1;
    void *start = memory + used;
    used += (size_t)more;
    return start;
}

// What its assertions call. A firmware resets itself here.
void __assert_func(const char *file, int line, const char *function, const char *condition)
{
    (void)file, (void)line, (void)function, (void)condition;
    for (;;)
        ;
}

#define DESCRIPTOR(type) &type##__descriptor,

static ptrdiff_t round_trip(const ProtobufCMessageDescriptor *const *types, size_t count, size_t which,
                      const uint8_t *encoded, size_t len, uint8_t *out, size_t size)
{
    if (which >= count)
        return -1;
    ProtobufCMessage *message = protobuf_c_message_unpack(types[which], NULL, len, encoded);
    if (!message)
        return -1;
    ptrdiff_t written = protobuf_c_encode(message, out, size);
    protobuf_c_message_free_unpacked(message, NULL);
    return written;
}

#define ROUND_TRIP(name, LIST)                                                                           \
    ptrdiff_t protobuf_c_##name##_round_trip(size_t which, const uint8_t *encoded, size_t len,             \
                                       uint8_t *out, size_t size)                                  \
    {                                                                                              \
        static const ProtobufCMessageDescriptor *const types[] = { LIST(DESCRIPTOR) };             \
        return round_trip(types, sizeof types / sizeof *types, which, encoded, len, out, size);            \
    }

ROUND_TRIP(family, FAMILY)
ROUND_TRIP(wide, WIDE)
ROUND_TRIP(all, ALL)
