// Package verify records what LiveKit's server says of tokens: payloads.txt holds a payload a line, and
// verdicts.txt what auth.ParseAPIToken and Verify make of it, signed, at 2000-01-01T00:00:00Z. They are
// what tests/token_verdicts.rs expects of livekit-micro.
//
//	go test             compares
//	go test -update     writes verdicts.txt
package verify

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/golang-jwt/jwt/v5"
	"github.com/livekit/protocol/auth"
)

const secret = "secret"

var update = flag.Bool("update", false, "write verdicts.txt")

type verdict struct {
	Error    string           `json:"error,omitempty"`
	Issuer   string           `json:"issuer,omitempty"`
	Identity string           `json:"identity,omitempty"`
	Expires  *int64           `json:"expires,omitempty"`
	Begins   *int64           `json:"not_before,omitempty"`
	Name     string           `json:"name,omitempty"`
	Metadata string           `json:"metadata,omitempty"`
	Video    *auth.VideoGrant `json:"video,omitempty"`
}

func TestVerdicts(t *testing.T) {
	payloads, err := os.ReadFile("payloads.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	// In its bubble the clock stands at the start of 2000, whenever this runs.
	synctest.Test(t, func(t *testing.T) {
		for line := range strings.Lines(string(payloads)) {
			if line == "\n" || strings.HasPrefix(line, "#") {
				out.WriteString(line)
				continue
			}
			encoded, err := json.Marshal(verify(strings.TrimSuffix(line, "\n")))
			if err != nil {
				t.Fatal(err)
			}
			out.Write(append(encoded, '\n'))
		}
	})
	if *update {
		if err := os.WriteFile("verdicts.txt", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	recorded, err := os.ReadFile("verdicts.txt")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(recorded, out.Bytes()) {
		t.Fatalf("verdicts.txt differs from what the verifier says:\n%s", out.Bytes())
	}
}

func verify(payload string) verdict {
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(`{"alg":"HS256"}`)) + "." + encode([]byte(payload))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	verifier, err := auth.ParseAPIToken(signed + "." + encode(mac.Sum(nil)))
	if err != nil {
		return verdict{Error: class(err)}
	}
	// The server looks for the secret of this key, and has none of an empty one.
	if verifier.APIKey() == "" {
		return verdict{Error: "malformed"}
	}
	claims, grants, err := verifier.Verify(secret)
	if err != nil {
		return verdict{Error: class(err)}
	}
	return verdict{
		Issuer:   verifier.APIKey(),
		Identity: grants.Identity,
		Expires:  seconds(claims.ExpiresAt),
		Begins:   seconds(claims.NotBefore),
		Name:     grants.Name,
		Metadata: grants.Metadata,
		Video:    grants.Video,
	}
}

// Error texts are those of one release of Go, and not compared.
func class(err error) string {
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return "expired"
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		return "not valid yet"
	default:
		return "malformed"
	}
}

func seconds(date *jwt.NumericDate) *int64 {
	if date == nil {
		return nil
	}
	unix := date.Unix()
	return &unix
}
