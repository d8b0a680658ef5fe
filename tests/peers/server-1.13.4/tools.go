//go:build tools

// Package server pins LiveKit's server: `peers/get server-1.13.4` builds the command imported here.
package server

import _ "github.com/livekit/livekit-server/cmd/server"
