// Command sdk is a participant with LiveKit's Go SDK: sdk URL TOKEN. tests/conversation/README.md has the lines of JSON
// that it is told by.
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/livekit/protocol/logger"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/livekit/server-sdk-go/v2/e2ee"
)

type fields = map[string]any

var out sync.Mutex

func tell(what fields) {
	line, _ := json.Marshal(what)
	out.Lock()
	defer out.Unlock()
	fmt.Println(string(line))
}

func content(data []byte) fields {
	hash := sha256.Sum256(data)
	return fields{"len": len(data), "sha256": hex.EncodeToString(hash[:])}
}

var keys = e2ee.NewExternalKeyProvider()

// encryption is an option if there is a passphrase.
func encryption() []lksdk.ConnectOption {
	passphrase := os.Getenv("PASSPHRASE")
	if passphrase == "" {
		return nil
	}
	must(keys.SetKeyFromPassphrase(passphrase, 0))
	return []lksdk.ConnectOption{lksdk.WithDataEncryption(&lksdk.EncryptionOptions{KeyProvider: keys})}
}

func main() {
	lksdk.SetLogger(logger.GetDiscardLogger())
	var room *lksdk.Room
	present := func(p *lksdk.RemoteParticipant) {
		tell(fields{"event": "present", "identity": p.Identity(), "sid": p.SID(), "attributes": p.Attributes()})
	}
	callback := &lksdk.RoomCallback{
		OnParticipantConnected: present,
		OnParticipantDisconnected: func(p *lksdk.RemoteParticipant) {
			tell(fields{"event": "gone", "identity": p.Identity()})
		},
		ParticipantCallback: lksdk.ParticipantCallback{
			OnAttributesChanged: func(_ map[string]string, p lksdk.Participant) {
				if remote, ok := p.(*lksdk.RemoteParticipant); ok {
					present(remote)
				}
			},
			OnDataPacket: func(packet lksdk.DataPacket, from lksdk.DataReceiveParams) {
				if user, ok := packet.(*lksdk.UserDataPacket); ok {
					tell(fields{"event": "data", "from": from.SenderIdentity, "topic": user.Topic, "content": content(user.Payload)})
				}
			},
		},
	}
	room = lksdk.NewRoom(callback)
	receive(room)
	register(room)
	must(room.JoinWithToken(os.Args[1], os.Args[2], encryption()...))
	tell(fields{"event": "me", "identity": room.LocalParticipant.Identity(), "sid": room.LocalParticipant.SID()})
	for _, p := range room.GetRemoteParticipants() {
		present(p)
	}
	tell(fields{"event": "ready"})

	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var c command
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			panic(err)
		}
		go func() {
			result, err := c.run(room)
			var rpc *lksdk.RpcError
			switch {
			case err == nil:
				tell(fields{"id": c.Id, "result": result})
			case errors.As(err, &rpc):
				data := ""
				if rpc.Data != nil {
					data = *rpc.Data
				}
				tell(fields{"id": c.Id, "error": fields{"code": rpc.Code, "message": rpc.Message, "data": data}})
			default:
				tell(fields{"id": c.Id, "error": fields{"code": 0, "message": err.Error(), "data": ""}})
			}
		}()
	}
	room.Disconnect()
	time.Sleep(200 * time.Millisecond)
}
