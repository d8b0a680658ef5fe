// Command caller is a peer of pion's WebRTC for peer/examples/echo: caller URL. It gets the offer, posts its answer, sends messages
// of several lengths on the channel `echo` and ends when all have come back.
package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/pion/webrtc/v4"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, "caller:", err)
		os.Exit(1)
	}
	return value
}

func main() {
	url := strings.TrimSuffix(os.Args[1], "/")
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	peer := must(webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{}))
	done := make(chan error, 1)
	peer.OnDataChannel(func(channel *webrtc.DataChannel) {
		lengths, began := []int{0, 1, 1_000, 10_000}, time.Now()
		send := func() error { return channel.Send(bytes.Repeat([]byte{7}, lengths[0])) }
		channel.OnOpen(func() { must(0, send()) })
		channel.OnMessage(func(message webrtc.DataChannelMessage) {
			if len(message.Data) != lengths[0] {
				done <- fmt.Errorf("%d bytes came back instead of %d", len(message.Data), lengths[0])
				return
			}
			fmt.Printf("%d bytes: back after %d µs\n", lengths[0], time.Since(began).Microseconds())
			if lengths = lengths[1:]; len(lengths) == 0 {
				done <- nil
				return
			}
			began = time.Now()
			must(0, send())
		})
	})
	response := must(http.Get(url + "/offer"))
	offer := must(io.ReadAll(response.Body))
	must(0, peer.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: string(offer)}))
	gathered := webrtc.GatheringCompletePromise(peer)
	must(0, peer.SetLocalDescription(must(peer.CreateAnswer(nil))))
	<-gathered
	must(http.Post(url+"/answer", "application/sdp", strings.NewReader(peer.LocalDescription().SDP)))
	select {
	case err := <-done:
		must(0, err)
	case <-time.After(20 * time.Second):
		must(0, fmt.Errorf("nothing came back within 20 s"))
	}
	must(0, peer.Close())
}
