// front CHAIN KEY FROM TO    a TLS proxy on the address FROM in front of the server at TO, by Go's own TLS 1.3
//
// Go ignores the maximum fragment length that a client asks for: its records are as long as it likes.
package main

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"os"
)

func main() {
	chain, key, from, to := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	certificate, err := tls.LoadX509KeyPair(chain, key)
	if err != nil {
		log.Fatal(err)
	}
	listener, err := tls.Listen("tcp", from, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS13})
	if err != nil {
		log.Fatal(err)
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go forward(client.(*tls.Conn), to)
	}
}

func forward(client *tls.Conn, to string) {
	defer client.Close()
	if err := client.Handshake(); err != nil {
		log.Print("handshake: ", err)
		return
	}
	server, err := net.Dial("tcp", to)
	if err != nil {
		log.Print(err)
		return
	}
	defer server.Close()
	go func() {
		io.Copy(server, client)
		server.(*net.TCPConn).CloseWrite()
	}()
	io.Copy(client, server)
	log.Print("connection closed")
}
