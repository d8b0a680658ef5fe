// Messages of a family by their numbers. A source that includes this has one place for all of them,
// which is as large as the largest.
#pragma once
#include "codec.h"
#include "messages.h"

#define MEMBER(type) type of_##type;
#define FIELDS(type) type##_fields,

static inline ptrdiff_t round_trip(const pb_msgdesc_t *type, void *place, const uint8_t *encoded,
                             size_t len, uint8_t *out, size_t size)
{
    if (!nanopb_decode(type, place, encoded, len))
        return -1;
    return nanopb_encode(type, place, out, size);
}
