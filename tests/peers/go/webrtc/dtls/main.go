// Pion's DTLS 1.2 server: one association on a UDP socket of the loopback interface, then the end.
// Its arguments and what it prints are those of tests/peer/servers/serve.h.
package main

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/pion/dtls/v3"
)

func main() {
	if err := serve(os.Args[1:]); err != nil {
		fmt.Printf("failed: %v\n", err)
		os.Exit(1)
	}
	fmt.Println("closed")
}

func serve(arguments []string) error {
	if len(arguments) != 5 {
		return errors.New("usage")
	}
	certificate, key, err := read(arguments[0], arguments[1])
	if err != nil {
		return err
	}
	mtu, err := strconv.Atoi(arguments[3])
	if err != nil {
		return err
	}
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	_ = socket.SetDeadline(time.Now().Add(100 * time.Second))
	fmt.Printf("port %d\n", socket.LocalAddr().(*net.UDPAddr).Port)
	first := make([]byte, 2048)
	length, peer, err := socket.ReadFrom(first)
	if err != nil {
		return err
	}

	isTheClient := func(certificates [][]byte, _ [][]*x509.Certificate) error {
		digest := sha256.Sum256(certificates[0])
		if hex.EncodeToString(digest[:]) != arguments[2] {
			return errors.New("another certificate")
		}
		return nil
	}
	connection, err := dtls.ServerWithOptions(&again{socket, first[:length], peer}, peer,
		dtls.WithCertificates(tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: key}),
		dtls.WithExtendedMasterSecret(dtls.RequireExtendedMasterSecret),
		dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80),
		dtls.WithClientAuth(dtls.RequireAnyClientCert),
		dtls.WithVerifyPeerCertificate(isTheClient),
		dtls.WithFlightInterval(100*time.Millisecond),
		dtls.WithMTU(mtu),
	)
	if err != nil {
		return err
	}
	if err := connection.Handshake(); err != nil {
		return err
	}
	if _, ok := connection.SelectedSRTPProtectionProfile(); !ok {
		return errors.New("no SRTP profile")
	}
	fmt.Println("connected")
	data := make([]byte, 2048)
	for {
		length, err := connection.Read(data)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case arguments[4] == "close":
			return connection.Close()
		}
		if _, err := connection.Write(data[:length]); err != nil {
			return err
		}
	}
}

func read(certificate, key string) ([]byte, *ecdsa.PrivateKey, error) {
	chain, err := os.ReadFile(certificate)
	if err != nil {
		return nil, nil, err
	}
	der, err := os.ReadFile(key)
	if err != nil {
		return nil, nil, err
	}
	private, err := x509.ParseECPrivateKey(der)
	return chain, private, err
}

// again is a socket whose first datagram is read a second time.
type again struct {
	net.PacketConn
	first []byte
	peer  net.Addr
}

func (a *again) ReadFrom(data []byte) (int, net.Addr, error) {
	if a.first != nil {
		length := copy(data, a.first)
		a.first = nil
		return length, a.peer, nil
	}
	return a.PacketConn.ReadFrom(data)
}
