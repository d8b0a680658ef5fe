package main

import (
	"os"
	"time"

	lksdk "github.com/livekit/server-sdk-go/v2"
)

// What an incremental writer is given at a time.
const piece = 7_000

type command struct {
	Id         int
	Do         string
	File       string
	Topic      string
	To         any
	Lossy      bool
	Method     string
	TimeoutMs  int64 `json:"timeout_ms"`
	Text       bool
	Form       string
	Attributes map[string]string
	Name, Mime string
	Index      uint32
	// Files that belong to a text.
	Attachments []string
}

func (c *command) run(room *lksdk.Room) (any, error) {
	me := room.LocalParticipant
	if c.Do == "attributes" {
		me.SetAttributes(c.Attributes)
		return fields{}, nil
	}
	data, err := os.ReadFile(c.File)
	if err != nil {
		return nil, err
	}
	switch c.Do {
	case "publish":
		return fields{}, me.PublishDataPacket(&lksdk.UserDataPacket{Payload: data, Topic: c.Topic},
			lksdk.WithDataPublishReliable(!c.Lossy), lksdk.WithDataPublishDestination(c.to()))
	case "key":
		return fields{}, keys.SetKeyFromPassphrase(string(data), c.Index)
	case "call":
		timeout := time.Duration(c.TimeoutMs) * time.Millisecond
		result, err := me.PerformRpc(lksdk.PerformRpcParams{
			DestinationIdentity: c.To.(string), Method: c.Method, Payload: string(data), ResponseTimeout: &timeout})
		if err != nil {
			return nil, err
		}
		return content([]byte(*result)), nil
	case "stream":
		if c.Text {
			c.sendText(me, string(data))
		} else {
			c.sendBytes(me, data)
		}
		return fields{}, nil
	}
	panic("unknown command " + c.Do)
}

func (c *command) to() (identities []string) {
	for _, identity := range c.To.([]any) {
		identities = append(identities, identity.(string))
	}
	return
}

func (c *command) sendText(me *lksdk.LocalParticipant, text string) {
	options := lksdk.StreamTextOptions{Topic: c.Topic, DestinationIdentities: c.to(), Attributes: c.Attributes,
		Attachments: c.Attachments}
	if c.Form == "whole" {
		me.SendText(text, options)
		return
	}
	if c.Form == "unfinished" {
		options.TotalSize = uint64(len(text))
	}
	writer := me.StreamText(options)
	runes := []rune(text)
	if c.Form == "unfinished" {
		runes = runes[:len(runes)/2]
	}
	for len(runes) > 0 {
		n := min(piece, len(runes))
		written(func(done *func()) { writer.Write(string(runes[:n]), done) })
		runes = runes[n:]
	}
	if c.Form != "unfinished" {
		writer.Close()
	}
}

func (c *command) sendBytes(me *lksdk.LocalParticipant, data []byte) {
	options := lksdk.StreamBytesOptions{Topic: c.Topic, DestinationIdentities: c.to(), Attributes: c.Attributes, MimeType: c.Mime}
	if c.Name != "" {
		options.FileName = &c.Name
	}
	if c.Form == "whole" {
		options.TotalSize = uint64(len(data))
	}
	writer := me.StreamBytes(options)
	for len(data) > 0 {
		n := min(piece, len(data))
		if c.Form == "whole" {
			n = len(data)
		}
		written(func(done *func()) { writer.Write(data[:n], done) })
		data = data[n:]
	}
	writer.Close()
}

// written waits for a write. Close does not wait for those before.
func written(write func(done *func())) {
	wait := make(chan struct{})
	done := func() { close(wait) }
	write(&done)
	<-wait
}
