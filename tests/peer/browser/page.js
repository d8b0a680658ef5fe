// The page's side of peer.mjs: `run` is called, `tell` prints.
const peer = new RTCPeerConnection();
const channels = new Map();
let messages = 0;
let bytes = 0;

peer.onconnectionstatechange = () => tell({ state: peer.connectionState });
peer.onicecandidate = ({ candidate }) => candidate?.candidate && tell({ candidate: candidate.candidate });
peer.ondatachannel = ({ channel }) => handle(channel);

function handle(channel) {
  const { label } = channel;
  channels.set(label, channel);
  channel.binaryType = "arraybuffer";
  channel.onopen = () => tell({ opened: label });
  channel.onclose = () => tell({ closed: label });
  // Sends back what is received.
  channel.onmessage = ({ data }) => {
    if (label !== "sink") return channel.send(data);
    messages += 1;
    bytes += data.byteLength ?? data.length;
    if (messages % 1000 === 0 || data.byteLength === 0) tell({ messages, bytes });
  };
}

async function run({ offer, open, close, unordered, retransmits }) {
  if (offer) {
    await peer.setRemoteDescription({ type: "offer", sdp: offer });
    const answer = await peer.createAnswer();
    tell({ answer: answer.sdp });
    await peer.setLocalDescription(answer);
  } else if (open) {
    handle(peer.createDataChannel(open, { ordered: !unordered, maxRetransmits: retransmits }));
  } else {
    channels.get(close).close();
  }
}
