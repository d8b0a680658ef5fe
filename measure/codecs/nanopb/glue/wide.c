#include "round_trip.h"

static union { WIDE(MEMBER) } place;

static const pb_msgdesc_t *const types[] = { WIDE(FIELDS) };

_Static_assert(sizeof types / sizeof *types == 30, "src/wide.rs says how many there are");

ptrdiff_t nanopb_wide_round_trip(size_t which, const uint8_t *encoded, size_t len, uint8_t *out,
                           size_t size)
{
    if (which >= sizeof types / sizeof *types)
        return -1;
    return round_trip(types[which], &place, encoded, len, out, size);
}
