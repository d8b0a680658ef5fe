"""The crate's data plane beside LiveKit's SDKs, in rooms of LiveKit's server."""
