// protobuf-c's two functions on buffers.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "livekit.pb-c.h"

// Bytes written to `buf`, or -1.
ptrdiff_t protobuf_c_encode(const void *message, uint8_t *buf, size_t size);
