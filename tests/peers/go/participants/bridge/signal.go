package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/livekit/protocol/livekit"
	"github.com/pion/webrtc/v4"
	"google.golang.org/protobuf/proto"
)

// signal is the connection to the server by which peer connections are made: one that we send by, one that the
// server sends by.
type signal struct {
	socket *websocket.Conn
	writes sync.Mutex
	api    *webrtc.API
	peers  map[livekit.SignalTarget]*webrtc.PeerConnection
	// Candidates that came before the description that they belong to.
	early map[livekit.SignalTarget][]webrtc.ICECandidateInit
}

// join connects, and returns why the connection ended.
func (r *room) join(server, token string, query url.Values) string {
	setting := webrtc.SettingEngine{}
	setting.SetIncludeLoopbackCandidate(true)
	setting.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	setting.DetachDataChannels()
	setting.EnableDataChannelBlockWrite(true)
	r.api = webrtc.NewAPI(webrtc.WithSettingEngine(setting))
	r.peers = map[livekit.SignalTarget]*webrtc.PeerConnection{}
	r.early = map[livekit.SignalTarget][]webrtc.ICECandidateInit{}
	header := http.Header{"Authorization": {"Bearer " + token}}
	socket, _, err := websocket.DefaultDialer.Dial(server+"/rtc?"+query.Encode(), header)
	if err != nil {
		return err.Error()
	}
	r.writes.Lock()
	r.socket = socket
	r.writes.Unlock()
	return r.listen()
}

// listen handles messages and returns why there are no more.
func (r *room) listen() string {
	for {
		_, data, err := r.socket.ReadMessage()
		if err != nil {
			return err.Error()
		}
		var message livekit.SignalResponse
		if err := proto.Unmarshal(data, &message); err != nil {
			fatal(err)
		}
		if leave, ok := message.Message.(*livekit.SignalResponse_Leave); ok {
			return leave.Leave.Reason.String()
		}
		if err := r.receive(&message); err != nil {
			fatal(err)
		}
	}
}

func (r *room) receive(message *livekit.SignalResponse) error {
	switch m := message.Message.(type) {
	case *livekit.SignalResponse_Join:
		me := m.Join.Participant
		r.out.tell(map[string]any{"joined": map[string]any{"identity": me.Identity, "sid": me.Sid}})
		r.who(m.Join.OtherParticipants)
		go r.ping(time.Duration(m.Join.PingInterval) * time.Second)
		if err := r.open(); err != nil {
			return err
		}
		return r.offer()
	case *livekit.SignalResponse_Update:
		others := m.Update.Participants
		r.who(others)
	case *livekit.SignalResponse_Answer:
		return r.described(livekit.SignalTarget_PUBLISHER, webrtc.SDPTypeAnswer, m.Answer.Sdp)
	case *livekit.SignalResponse_Offer:
		if err := r.described(livekit.SignalTarget_SUBSCRIBER, webrtc.SDPTypeOffer, m.Offer.Sdp); err != nil {
			return err
		}
		peer := r.peers[livekit.SignalTarget_SUBSCRIBER]
		answer, err := peer.CreateAnswer(nil)
		if err != nil {
			return err
		}
		r.send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Answer{
			Answer: &livekit.SessionDescription{Type: "answer", Sdp: answer.SDP, Id: m.Offer.Id}}})
		return peer.SetLocalDescription(answer)
	case *livekit.SignalResponse_Trickle:
		var candidate webrtc.ICECandidateInit
		if err := json.Unmarshal([]byte(m.Trickle.CandidateInit), &candidate); err != nil {
			return err
		}
		peer, err := r.peer(m.Trickle.Target)
		if err != nil {
			return err
		}
		if peer.RemoteDescription() == nil {
			r.early[m.Trickle.Target] = append(r.early[m.Trickle.Target], candidate)
			return nil
		}
		return peer.AddICECandidate(candidate)
	}
	return nil
}

// open opens the channels that we send by.
func (r *room) open() error {
	peer, err := r.peer(livekit.SignalTarget_PUBLISHER)
	if err != nil {
		return err
	}
	for _, label := range channels[1:] {
		reliable, never := label == "_reliable", uint16(0)
		init := &webrtc.DataChannelInit{Ordered: &reliable}
		if !reliable {
			init.MaxRetransmits = &never
		}
		channel, err := peer.CreateDataChannel(label, init)
		if err != nil {
			return err
		}
		r.watch(channel, true)
	}
	return nil
}

func (r *room) offer() error {
	peer, err := r.peer(livekit.SignalTarget_PUBLISHER)
	if err != nil {
		return err
	}
	offer, err := peer.CreateOffer(nil)
	if err != nil {
		return err
	}
	r.send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Offer{
		Offer: &livekit.SessionDescription{Type: "offer", Sdp: offer.SDP, Id: 1}}})
	return peer.SetLocalDescription(offer)
}

// described sets what the server said of its side, and the candidates that came before.
func (r *room) described(target livekit.SignalTarget, kind webrtc.SDPType, sdp string) error {
	peer, err := r.peer(target)
	if err != nil {
		return err
	}
	if err := peer.SetRemoteDescription(webrtc.SessionDescription{Type: kind, SDP: sdp}); err != nil {
		return err
	}
	for _, candidate := range r.early[target] {
		if err := peer.AddICECandidate(candidate); err != nil {
			return err
		}
	}
	delete(r.early, target)
	return nil
}

// peer returns the connection of a direction, which it makes first if necessary.
func (r *room) peer(target livekit.SignalTarget) (*webrtc.PeerConnection, error) {
	if peer := r.peers[target]; peer != nil {
		return peer, nil
	}
	peer, err := r.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	r.peers[target] = peer
	peer.OnDataChannel(func(channel *webrtc.DataChannel) { r.watch(channel, false) })
	peer.OnICECandidate(func(candidate *webrtc.ICECandidate) {
		if candidate == nil {
			return
		}
		init, _ := json.Marshal(candidate.ToJSON())
		r.send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Trickle{
			Trickle: &livekit.TrickleRequest{Target: target, CandidateInit: string(init)}}})
	})
	return peer, nil
}

func (r *room) ping(every time.Duration) {
	for range time.Tick(every) {
		r.send(&livekit.SignalRequest{Message: &livekit.SignalRequest_PingReq{
			PingReq: &livekit.Ping{Timestamp: time.Now().UnixMilli()}}})
	}
}

func (r *room) send(request *livekit.SignalRequest) {
	data, err := proto.Marshal(request)
	if err != nil {
		fatal(err)
	}
	r.writes.Lock()
	defer r.writes.Unlock()
	// When the connection has ended, the reader says why.
	_ = r.socket.WriteMessage(websocket.BinaryMessage, data)
}

// leave says goodbye; the server ends the connection.
func (r *room) leave() {
	if r.socket == nil {
		fatal(fmt.Errorf("stdin ended before the room was joined"))
	}
	r.send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Leave{Leave: &livekit.LeaveRequest{
		Reason: livekit.DisconnectReason_CLIENT_INITIATED, Action: livekit.LeaveRequest_DISCONNECT}}})
	time.AfterFunc(time.Second, func() { r.socket.Close() })
}
