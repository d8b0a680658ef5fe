//! Descriptions as other products wrote them.

/// livekit-server 1.13.4 (pion/webrtc 4.2.16) answers the Python SDK; tests/corpus, 371-SignalResponse-answer.
pub const LIVEKIT_ANSWER: &str = "v=0\r\no=- 9181643110557933858 1795394303 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=msid-semantic:WMS *\r\na=fingerprint:sha-256 97:D7:2C:18:9E:97:14:EA:30:2B:4F:FF:E4:30:29:66:B1:88:47:48:3E:8B:52:BE:6C:D7:16:C1:7F:DC:B3:6D\r\na=extmap-allow-mixed\r\na=group:BUNDLE 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=setup:active\r\na=mid:0\r\na=sendrecv\r\na=sctp-port:5000\r\na=max-message-size:65535\r\na=ice-ufrag:cnzonWGSfZLfwdXD\r\na=ice-pwd:xWvySSuNzYKGERDcdARqyeVoAOTBYoPS\r\n";

/// The Python SDK 1.2.1 (libwebrtc) offers; tests/corpus, 370-SignalRequest-offer.
pub const LIBWEBRTC_OFFER: &str = "v=0\r\no=- 6929174602086285958 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:FDmd\r\na=ice-pwd:EyLSruWwi7RpqFOp3/ieBpCV\r\na=ice-options:trickle goog-sped-v1\r\na=fingerprint:sha-256 D6:21:3D:6D:6D:85:D6:80:F7:7C:02:BE:75:7D:50:7E:F8:AF:CC:4B:85:1D:FD:0A:BC:17:14:55:77:00:DF:B7\r\na=setup:actpass\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:262144\r\na=sctp-init:AQAAHshcIooAUAAA//////3peMjAAAAEgAgABoLA\r\n";

/// Firefox' shape: the fingerprint and the options before the sections, an mDNS name, and a section for sound
/// first (written after RFC 8829, 7).
pub const FIREFOX_LIKE_OFFER: &str = "v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 2436547566857685746 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-1 11:22\r\na=fingerprint:SHA-256 00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\r\na=group:BUNDLE 0 1\r\na=ice-options:trickle\r\nm=audio 9 UDP/TLS/RTP/SAVPF 109\r\nc=IN IP4 0.0.0.0\r\na=candidate:9 1 UDP 1 192.0.2.99 99 typ host\r\na=ice-pwd:of-the-section-for-sound\r\na=ice-ufrag:audio\r\na=setup:passive\r\na=mid:0\r\nm=application 50505 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 192.0.2.7\r\na=candidate:0 1 UDP 2122252543 0b2fa3ad-29ea-4cf8-9f1c-dbd3c5f3a0ea.local 50505 typ host\r\na=candidate:1 1 UDP 1686052863 203.0.113.7 50505 typ srflx raddr 0.0.0.0 rport 0\r\na=candidate:2 1 TCP 2105458943 203.0.113.7 4433 typ host tcptype passive\r\na=sendrecv\r\na=end-of-candidates\r\na=ice-pwd:7a1b2c3d4e5f60718293a4b5c6d7e8f9\r\na=ice-ufrag:8f0e1d2c\r\na=mid:1\r\na=setup:actpass\r\na=sctp-port:5000\r\na=max-message-size:1073741823\r\nm=video 0 UDP/TLS/RTP/SAVPF 120\r\na=mid:2\r\n";

/// Candidate lines: of livekit-server 1.13.4 and of the Python SDK (tests/corpus, 005 and 006), and of the other
/// kinds as pion/ice 4.4.7 marshals them.
pub const LIVEKIT_TCP: &str = "candidate:375738803 1 tcp 1671430143 127.0.0.1 7891 typ host tcptype passive ufrag FRYiKUpOwDWDSnIy";
pub const LIBWEBRTC_HOST: &str = "candidate:2269977331 1 udp 2122194687 192.0.2.2 49227 typ host generation 0 ufrag ITY4 network-id 1";
pub const PION_SRFLX: &str =
    "a=candidate:1966762133 1 udp 1694498815 2001:db8::7 40000 typ srflx raddr :: rport 40000";
