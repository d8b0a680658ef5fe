// Command bridge joins a room and carries frames of its data channels over stdin and stdout, byte for byte: a
// participant's transport for a program that has none.
//
//	bridge -url ws://127.0.0.1:7880 -token JWT [-client-protocol N]
//
// A record, both ways, is the length of its body in 4 bytes (little endian), a byte that says what it is, the body:
// 1 is a frame of _reliable, 2 of _lossy, and 0, on stdout, a line of JSON, which tells one of:
//
//	{"joined": {"identity", "sid"}}                          first of all
//	{"participant": {"identity", "sid", "client_protocol", "kind", "attributes"}}    is there, or has changed
//	{"left": {"identity", "sid"}}                            has left
//	{"open": "_reliable", "ours": true}                      a channel is open; the others are the server's, to receive by
//	{"ended": "why"}                                         last of all
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
	flag.Parse()

	out := &records{to: os.Stdout}
	r := &room{out: out}
	go r.carry(os.Stdin)
	ended := r.join(*server, *token, url.Values{
		// From 18 on channels are negotiated.
		"protocol": {"16"}, "client_protocol": {strconv.Itoa(*clientProtocol)},
		"auto_subscribe": {"1"}, "version": {"0.0.0"},
	})
	out.tell(map[string]any{"ended": ended})
}
