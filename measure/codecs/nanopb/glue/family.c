#include "round_trip.h"

static union { FAMILY(MEMBER) } place;

static const pb_msgdesc_t *const types[] = { FAMILY(FIELDS) };

_Static_assert(sizeof types / sizeof *types == 18, "src/family.rs says how many there are");

ptrdiff_t nanopb_family_round_trip(size_t which, const uint8_t *encoded, size_t len, uint8_t *out,
                           size_t size)
{
    if (which >= sizeof types / sizeof *types)
        return -1;
    return round_trip(types[which], &place, encoded, len, out, size);
}
