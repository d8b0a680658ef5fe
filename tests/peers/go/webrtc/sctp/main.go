// sctp client|server PORT is a peer of pion/sctp and pion/datachannel over UDP, connected to 127.0.0.1:PORT.
//
// It sends back what comes on a channel. A channel with the label "pour BYTES SIZE" gets BYTES bytes in messages of
// SIZE. It opens a channel "from pion" itself and sends "hello" on it. It ends when the association does.
package main

import (
	"fmt"
	"net"
	"os"
	"sync"

	"github.com/pion/datachannel"
	"github.com/pion/logging"
	"github.com/pion/sctp"
)

func main() {
	conn, err := net.Dial("udp", "127.0.0.1:"+os.Args[2])
	check(err)
	loggers := logging.NewDefaultLoggerFactory()
	config := sctp.Config{NetConn: conn, LoggerFactory: loggers}
	var association *sctp.Association
	if os.Args[1] == "client" {
		association, err = sctp.Client(config)
	} else {
		// So that the other end knows where to send its INIT.
		_, err = conn.Write([]byte("here"))
		check(err)
		association, err = sctp.Server(config)
	}
	check(err)
	go greet(association, loggers)
	var channels sync.WaitGroup
	for {
		channel, err := datachannel.Accept(association, &datachannel.Config{LoggerFactory: loggers})
		if err != nil {
			break
		}
		channels.Go(func() { serve(channel) })
	}
	channels.Wait()
}

func serve(channel *datachannel.DataChannel) {
	var total, size int
	if count, _ := fmt.Sscanf(channel.Config.Label, "pour %d %d", &total, &size); count == 2 {
		message := make([]byte, size)
		for sent := 0; sent < total; sent += size {
			for index := range message {
				message[index] = byte(sent/size + index)
			}
			if _, err := channel.Write(message); err != nil {
				return
			}
		}
	}
	buffer := make([]byte, 1<<16)
	for {
		length, isText, err := channel.ReadDataChannel(buffer)
		if err != nil {
			// The other end closed it: so does this one.
			_ = channel.Close()
			return
		}
		if _, err := channel.WriteDataChannel(buffer[:length], isText); err != nil {
			return
		}
	}
}

func greet(association *sctp.Association, loggers logging.LoggerFactory) {
	config := datachannel.Config{Label: "from pion", LoggerFactory: loggers}
	channel, err := datachannel.Dial(association, 1, &config)
	if err != nil {
		return
	}
	if _, err := channel.WriteDataChannel([]byte("hello"), true); err != nil {
		return
	}
	serve(channel)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
