package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/livekit/protocol/livekit"
	"github.com/pion/webrtc/v4"
)

// room is the data channels of a participant: those of ours send, those that the server opens receive.
type room struct {
	out *records
	signal

	ours sync.Map // io.Writer by label
}

// carry sends the frames that come on stdin, and leaves when it ends.
func (r *room) carry(from io.Reader) {
	in := bufio.NewReader(from)
	for {
		kind, frame, err := read(in)
		if err != nil {
			r.leave()
			return
		}
		if kind == news || int(kind) >= len(channels) {
			fatal(fmt.Errorf("a record of kind %d", kind))
		}
		channel, ok := r.ours.Load(channels[kind])
		if !ok {
			fatal(fmt.Errorf("%s is not open", channels[kind]))
		}
		// Waits while more is on its way than the connection takes.
		if _, err := channel.(io.Writer).Write(frame); err != nil {
			fatal(err)
		}
	}
}

// watch tells when a channel is open and passes on what is received by it.
func (r *room) watch(channel *webrtc.DataChannel, ours bool) {
	kind := byte(0)
	for at, label := range channels {
		if label == channel.Label() {
			kind = byte(at)
		}
	}
	if kind == 0 {
		return
	}
	channel.OnOpen(func() {
		raw, err := channel.Detach()
		if err != nil {
			fatal(err)
		}
		if ours {
			r.ours.Store(channel.Label(), raw)
		}
		r.out.tell(map[string]any{"open": channel.Label(), "ours": ours})
		go func() {
			frame := make([]byte, 1<<18) // the server sends no more
			for {
				n, err := raw.Read(frame)
				if err != nil {
					return
				}
				r.out.write(kind, frame[:n])
			}
		}()
	})
}

// who tells of participants.
func (r *room) who(others []*livekit.ParticipantInfo) {
	for _, p := range others {
		id := map[string]any{"identity": p.Identity, "sid": p.Sid}
		if p.State == livekit.ParticipantInfo_DISCONNECTED {
			r.out.tell(map[string]any{"left": id})
			continue
		}
		id["client_protocol"], id["kind"], id["attributes"] = p.ClientProtocol, p.Kind.String(), p.Attributes
		r.out.tell(map[string]any{"participant": id})
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "bridge:", err)
	os.Exit(1)
}
