// nanopb's two functions on buffers, and strings.
#pragma once
#include <pb_decode.h>
#include <pb_encode.h>

#include "livekit.pb.h"

// Bytes written to `buf`, or -1.
ptrdiff_t nanopb_encode(const pb_msgdesc_t *type, const void *message, uint8_t *buf, size_t size);

bool nanopb_decode(const pb_msgdesc_t *type, void *message, const uint8_t *encoded, size_t len);

// Copies a string, which has no NUL, into an array of `size`; false if that is too small.
bool nanopb_set_text(char *to, size_t size, const char *text, size_t len);
