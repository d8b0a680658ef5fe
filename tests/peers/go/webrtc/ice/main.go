// ice is an agent of pion/ice that is told what to do on its standard input:
//
//	ice full|lite udp|tcp controlled|controlling
//
// It prints `credentials UFRAG PWD` and `candidate LINE`, then takes `remote UFRAG PWD`, `candidate LINE`,
// `send TEXT` and `restart`, and prints `state STATE`, `pair ADDRESS` of the other side and `data TEXT`.
package main

import (
	"bufio"
	"fmt"
	"log"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/pion/ice/v4"
)

var printing sync.Mutex

func say(words ...any) {
	printing.Lock()
	defer printing.Unlock()
	fmt.Println(words...)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func newAgent(isLite, isTCP bool) *ice.Agent {
	short := 2 * time.Second
	config := &ice.AgentConfig{
		NetworkTypes:        []ice.NetworkType{ice.NetworkTypeUDP4, ice.NetworkTypeUDP6},
		CandidateTypes:      []ice.CandidateType{ice.CandidateTypeHost},
		MulticastDNSMode:    ice.MulticastDNSModeDisabled,
		IncludeLoopback:     true,
		InterfaceFilter:     func(name string) bool { return name == "lo" },
		Lite:                isLite,
		DisconnectedTimeout: &short,
		FailedTimeout:       &short,
	}
	if isTCP {
		listener, err := net.Listen("tcp4", "127.0.0.1:0")
		check(err)
		config.NetworkTypes = []ice.NetworkType{ice.NetworkTypeTCP4}
		config.TCPMux = ice.NewTCPMuxDefault(ice.TCPMuxParams{Listener: listener, ReadBufferSize: 8})
	}
	agent, err := ice.NewAgent(config)
	check(err)
	check(agent.OnCandidate(func(candidate ice.Candidate) {
		if candidate != nil {
			say("candidate", "candidate:"+candidate.Marshal())
		}
	}))
	check(agent.OnConnectionStateChange(func(state ice.ConnectionState) { say("state", state) }))
	check(agent.OnSelectedCandidatePairChange(func(_, remote ice.Candidate) {
		say("pair", net.JoinHostPort(remote.Address(), fmt.Sprint(remote.Port())))
	}))
	return agent
}

func gather(agent *ice.Agent) {
	ufrag, pwd, err := agent.GetLocalUserCredentials()
	check(err)
	say("credentials", ufrag, pwd)
	check(agent.GatherCandidates())
}

func main() {
	agent := newAgent(os.Args[1] == "lite", os.Args[2] == "tcp")
	start := agent.StartAccept
	if os.Args[3] == "controlling" {
		start = agent.StartDial
	}
	gather(agent)
	var conn *ice.Conn
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		command, rest, _ := strings.Cut(lines.Text(), " ")
		switch command {
		case "remote":
			ufrag, pwd, _ := strings.Cut(rest, " ")
			if conn != nil {
				check(agent.SetRemoteCredentials(ufrag, pwd))
				continue
			}
			var err error
			conn, err = start(ufrag, pwd)
			check(err)
			go read(conn)
		case "candidate":
			candidate, err := ice.UnmarshalCandidate(rest)
			check(err)
			check(agent.AddRemoteCandidate(candidate))
		case "send":
			_, err := conn.Write([]byte(rest))
			check(err)
		case "restart":
			check(agent.Restart("", ""))
			gather(agent)
		}
	}
}

func read(conn *ice.Conn) {
	buf := make([]byte, 1500)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		say("data", string(buf[:n]))
	}
}
