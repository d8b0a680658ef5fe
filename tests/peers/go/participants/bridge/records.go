package main

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"sync"
)

// news is the kind of a record of JSON; the others are of frames of the channel with that index.
const news = 0

var channels = []string{1: "_reliable", 2: "_lossy"}

// records writes records, of several goroutines one after the other.
type records struct {
	lock sync.Mutex
	to   io.Writer
}

func (r *records) write(kind byte, body []byte) {
	head := append(binary.LittleEndian.AppendUint32(nil, uint32(len(body))), kind)
	r.lock.Lock()
	defer r.lock.Unlock()
	// Who does not read any more has ended; then stdin ends, too.
	_, _ = r.to.Write(append(head, body...))
}

func (r *records) tell(what map[string]any) {
	line, _ := json.Marshal(what)
	r.write(news, line)
}

// read returns the next record.
func read(from io.Reader) (kind byte, body []byte, err error) {
	var head [5]byte
	if _, err = io.ReadFull(from, head[:]); err != nil {
		return
	}
	body = make([]byte, binary.LittleEndian.Uint32(head[:]))
	_, err = io.ReadFull(from, body)
	return head[4], body, err
}
