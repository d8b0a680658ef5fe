// A data plane by hand, for what src/session.rs says of it.
#pragma once
#include "codec.h"
#include "session.pb.h"

enum kind { NOTHING, DATA, CALL, OTHER };

// Who called what; all strings lie in the packet that was received last.
struct call {
    const char *request_id;
    const char *method;
    const char *payload;
    uint32_t response_timeout_ms;
};

// What has come of a packet, and of a user packet or a call what is in it.
struct event {
    uint8_t kind;
    // The sender of a packet.
    const char *from;
    // Bytes of the frames that are to be sent at once, one after the other in the buffer; 0 if there is none.
    size_t replies[2];
    union {
        struct {
            const char *topic;
            const uint8_t *payload;
            size_t payload_len;
        } data;
        struct call call;
    };
};

// Why a call failed.
struct error {
    uint32_t code;
    const char *message;
    const char *data;
};
