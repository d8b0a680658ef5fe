package main

import (
	"errors"
	"strconv"
	"strings"
	"time"

	lksdk "github.com/livekit/server-sdk-go/v2"
)

// receive tells of each stream when it is over. The SDK does not say whether it was whole.
func receive(room *lksdk.Room) {
	for _, topic := range []string{"text", "bytes"} {
		must(room.RegisterTextStreamHandler(topic, func(reader *lksdk.TextStreamReader, from string) {
			data, info := []byte(reader.ReadAll()), reader.Info
			tell(fields{"event": "stream", "from": from, "topic": info.Topic, "text": true, "total": info.Size,
				"mime": info.MimeType, "name": "", "attributes": info.Attributes, "content": content(data), "error": ""})
		}))
		must(room.RegisterByteStreamHandler(topic, func(reader *lksdk.ByteStreamReader, from string) {
			data, info := reader.ReadAll(), reader.Info
			tell(fields{"event": "stream", "from": from, "topic": info.Topic, "text": false, "total": info.Size,
				"mime": info.MimeType, "name": *info.Name, "attributes": info.Attributes, "content": content(data), "error": ""})
		}))
	}
}

// register registers the methods that each participant of the tests has.
func register(room *lksdk.Room) {
	methods := map[string]func(payload string) (string, error){
		"echo":  func(payload string) (string, error) { return payload, nil },
		"fail":  func(payload string) (string, error) { return "", lksdk.NewRpcError(2001, "stuck", &payload) },
		"crash": func(string) (string, error) { return "", errors.New("not for the caller") },
		"grow":  func(string) (string, error) { return strings.Repeat("x", 15_361), nil },
		"slow": func(payload string) (string, error) {
			after, err := strconv.Atoi(payload)
			time.Sleep(time.Duration(after) * time.Millisecond)
			return "late", err
		},
		"leave": func(string) (string, error) {
			room.Disconnect()
			select {}
		},
	}
	for name, method := range methods {
		must(room.RegisterRpcMethod(name, func(call lksdk.RpcInvocationData) (string, error) {
			tell(fields{"event": "call", "from": call.CallerIdentity, "method": name, "content": content([]byte(call.Payload))})
			return method(call.Payload)
		}))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
