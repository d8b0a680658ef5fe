//go:build tools

// Package server pins LiveKit's server: `peers/get server` builds the command imported here.
package server

import _ "github.com/livekit/livekit-server/cmd/server"
