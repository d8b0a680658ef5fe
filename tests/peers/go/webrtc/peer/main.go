// Command peer is a peer of pion's WebRTC that answers an offer and sends back whatever it receives. It is told by lines of
// JSON on stdin, and tells by lines on stdout.
//
//	{"offer": SDP}                           → {"answer": SDP}, and {"candidate": LINE} for each
//	{"open": LABEL, "unordered": true, "retransmits": 0}   opens a channel of its own
//	{"close": LABEL}                         closes a channel
//
// It tells {"state": "connected"} and the like, {"opened": LABEL}, {"closed": LABEL}. What is sent on the channel `sink` is
// counted instead of sent back: {"messages": N, "bytes": N} every 1 000 messages and for each empty one.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"sync"

	"github.com/pion/webrtc/v4"
)

type fields = map[string]any

type command struct {
	Offer, Open, Close string
	Unordered          bool
	Retransmits        *uint16
}

var out sync.Mutex

func tell(what fields) {
	line, _ := json.Marshal(what)
	out.Lock()
	defer out.Unlock()
	fmt.Println(string(line))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	lite := flag.Bool("lite", false, "as a lite agent of ICE")
	tcp := flag.Bool("tcp", false, "over TCP alone")
	flag.Parse()

	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	settings.SetLite(*lite)
	if *tcp {
		listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
		must(err)
		settings.SetICETCPMux(webrtc.NewICETCPMux(nil, listener, 8))
		settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4})
	}
	peer, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	must(err)
	peer.OnConnectionStateChange(func(state webrtc.PeerConnectionState) { tell(fields{"state": state.String()}) })
	// pion gathers from the offer on. Candidates of a restart belong to its answer: they are told after it.
	var gathered []string
	isAnswered := false
	peer.OnICECandidate(func(candidate *webrtc.ICECandidate) {
		if candidate == nil {
			return
		}
		line := candidate.ToJSON().Candidate
		out.Lock()
		isHeld := !isAnswered
		if isHeld {
			gathered = append(gathered, line)
		}
		out.Unlock()
		if !isHeld {
			tell(fields{"candidate": line})
		}
	})
	channels := map[string]*webrtc.DataChannel{}
	handle := func(channel *webrtc.DataChannel) {
		out.Lock()
		channels[channel.Label()] = channel
		out.Unlock()
		answer(channel)
	}
	peer.OnDataChannel(handle)

	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var it command
		must(json.Unmarshal(in.Bytes(), &it))
		switch {
		case it.Offer != "":
			out.Lock()
			isAnswered, gathered = false, nil
			out.Unlock()
			must(peer.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: it.Offer}))
			description, err := peer.CreateAnswer(nil)
			must(err)
			tell(fields{"answer": description.SDP})
			out.Lock()
			isAnswered = true
			lines := gathered
			out.Unlock()
			for _, line := range lines {
				tell(fields{"candidate": line})
			}
			must(peer.SetLocalDescription(description))
		case it.Open != "":
			ordered := !it.Unordered
			channel, err := peer.CreateDataChannel(it.Open, &webrtc.DataChannelInit{Ordered: &ordered, MaxRetransmits: it.Retransmits})
			must(err)
			handle(channel)
		case it.Close != "":
			out.Lock()
			channel := channels[it.Close]
			out.Unlock()
			must(channel.Close())
		}
	}
	must(peer.Close())
}

// answer sends back what the channel receives.
func answer(channel *webrtc.DataChannel) {
	label, messages, bytes := channel.Label(), 0, 0
	channel.OnOpen(func() { tell(fields{"opened": label}) })
	channel.OnClose(func() { tell(fields{"closed": label}) })
	channel.OnMessage(func(message webrtc.DataChannelMessage) {
		if label == "sink" {
			messages, bytes = messages+1, bytes+len(message.Data)
			if messages%1000 == 0 || len(message.Data) == 0 {
				tell(fields{"messages": messages, "bytes": bytes})
			}
			return
		}
		if message.IsString {
			must(channel.SendText(string(message.Data)))
		} else {
			must(channel.Send(message.Data))
		}
	})
}
