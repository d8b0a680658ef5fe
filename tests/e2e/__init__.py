"""The device publisher end to end: firmware in QEMU, LiveKit's server, LiveKit's Python SDK."""
