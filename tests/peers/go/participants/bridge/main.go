// Command bridge joins a room and carries frames of its data channels over stdin and stdout, byte for byte: a
// participant's transport for a program that has none.
//
//	bridge -url ws://127.0.0.1:7880 -token JWT [-client-protocol N] [-capabilities A,B] [-protocol N] [-twice]
//
// A record, both ways, is the length of its body in 4 bytes (little endian), a byte that says what it is, the body:
// 1 is a frame of _reliable, 2 of _lossy, 3 of _data_track, and 0 a line of JSON, which tells one of:
//
//	{"joined": {"identity", "sid"}}                          first of all
//	{"participant": {"identity", "sid", "client_protocol", "kind", "attributes"}}    is there, or has changed
//	{"left": {"identity", "sid"}}                            has left
//	{"open": "_reliable", "ours": true}                      a channel is open; the others are the server's, to receive by
//	{"ended": "why"}                                         last of all
//
//	{"resumed": 17}                                          the number of the last packet that the server has received
//
// Lines on stdin are told, too: {"cut": true} loses the connection of signalling, and all frames of _reliable that come
// after it; {"resume": [{"sid", "last"}]} resumes it, with the last packet of each sender that has been received.
//
// When stdin ends, the bridge leaves the room. It knows nothing of what frames mean.
package main

import (
	"flag"
	"net/url"
	"os"
	"strconv"
)

func main() {
	server := flag.String("url", "ws://127.0.0.1:7880", "the server")
	token := flag.String("token", "", "an access token")
	clientProtocol := flag.Int("client-protocol", 0, "what to announce: 1 receives RPC version 2, 2 inline streams")
	capabilities := flag.String("capabilities", "", "what to announce, e.g. CAP_COMPRESSION_DEFLATE_RAW")
	protocol := flag.Int("protocol", 16, "version of signalling, at most 17: from 18 on channels are negotiated")
	twice := flag.Bool("twice", false, "pass on each received frame of _reliable twice, as after a resume")
	flag.Parse()

	out := &records{to: os.Stdout}
	r := &room{out: out, twice: *twice, resumes: make(chan []received)}
	go r.carry(os.Stdin)
	ended := r.join(*server, *token, url.Values{
		"protocol": {strconv.Itoa(*protocol)}, "client_protocol": {strconv.Itoa(*clientProtocol)},
		"capabilities": {*capabilities}, "auto_subscribe": {"1"}, "version": {"0.0.0"},
	})
	out.tell(map[string]any{"ended": ended})
}
