// The page's side of browser.mjs: `join` and `run` are called, `tell` prints.
const { ExternalE2EEKeyProvider, Room, RoomEvent, RpcError } = LivekitClient;
const TOPICS = ["text", "bytes"];
// What an incremental writer is given at a time.
const PIECE = 7_000;
let room, track;
const unfinished = [];
const keyProvider = new ExternalE2EEKeyProvider();

const encode = (text) => new TextEncoder().encode(text);

async function content(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { len: bytes.length, sha256: [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
}

const present = ({ identity, sid, attributes }) => tell({ event: "present", identity, sid, attributes });

async function join(url, token, passphrase) {
  room = new Room(passphrase ? { encryption: { keyProvider, worker: new Worker("/worker.js") } } : {});
  if (passphrase) {
    await keyProvider.setKey(encode(passphrase).buffer);
    await room.setE2EEEnabled(true);
  }
  room.on(RoomEvent.DataReceived, async (payload, participant, _, topic) =>
    tell({ event: "data", from: participant?.identity ?? "", topic: topic ?? "", content: await content(payload) }));
  room.on(RoomEvent.ParticipantConnected, present);
  room.on(RoomEvent.ParticipantAttributesChanged, (_, participant) => participant.isLocal || present(participant));
  room.on(RoomEvent.DataTrackPublished, frames);
  room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => tell({ event: "gone", identity }));
  for (const topic of TOPICS) {
    room.registerTextStreamHandler(topic, (reader, from) => streamed(reader, from, true));
    room.registerByteStreamHandler(topic, (reader, from) => streamed(reader, from, false));
  }
  for (const [name, method] of Object.entries(METHODS)) {
    room.registerRpcMethod(name, async ({ callerIdentity, payload }) => {
      tell({ event: "call", from: callerIdentity, method: name, content: await content(encode(payload)) });
      return method(payload);
    });
  }
  await room.connect(url, token);
  const { identity, sid } = room.localParticipant;
  tell({ event: "me", identity, sid });
  room.remoteParticipants.forEach(present);
  tell({ event: "ready" });
}

const METHODS = {
  echo: async (payload) => payload,
  fail: async (payload) => {
    throw new RpcError(2001, "stuck", payload);
  },
  crash: async () => {
    throw new Error("not for the caller");
  },
  grow: async () => "x".repeat(15_361),
  slow: (payload) => new Promise((done) => setTimeout(() => done("late"), Number(payload))),
  leave: () => {
    room.disconnect();
    return new Promise(() => {});
  },
};

async function streamed(reader, { identity }, text) {
  const parts = [];
  let error = "";
  try {
    for await (const part of reader) parts.push(part);
  } catch (failed) {
    error = failed.message;
  }
  const bytes = text ? encode(parts.join("")) : new Uint8Array(await new Blob(parts).arrayBuffer());
  const { id, topic, size, mimeType, name, attributes, attachedStreamIds } = reader.info;
  const told = { from: identity, topic, text, total: size ?? null, mime: mimeType, name: name ?? "", attributes };
  tell({ event: "stream", ...told, id, attached: attachedStreamIds ?? [], content: await content(bytes), error });
}

async function frames(remote) {
  for await (const { payload } of remote.subscribe()) {
    tell({ event: "frame", from: remote.publisherIdentity, name: remote.info.name, content: await content(payload) });
  }
}

const decode = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

async function run(command, base64) {
  const bytes = decode(base64);
  try {
    tell({ id: command.id, result: await COMMANDS[command.do](command, bytes) });
  } catch (error) {
    const rpc = error instanceof RpcError;
    const failed = { code: rpc ? error.code : 0, message: error.message, data: (rpc && error.data) || "" };
    tell({ id: command.id, error: failed });
  }
}

const COMMANDS = {
  async publish({ topic, to, lossy }, bytes) {
    await room.localParticipant.publishData(bytes, { reliable: !lossy, destinationIdentities: to, topic });
    return {};
  },
  async attributes({ attributes }) {
    await room.localParticipant.setAttributes(attributes);
    return {};
  },
  async track({ name }) {
    track = await room.localParticipant.publishDataTrack({ name });
    return {};
  },
  async frame(_, bytes) {
    await track.tryPush({ payload: bytes });
    return {};
  },
  async end_track() {
    await track.unpublish();
    return {};
  },
  async key(_, bytes) {
    await keyProvider.setKey(bytes.buffer);
    return {};
  },
  async call({ to, method, timeout_ms }, bytes) {
    const result = await room.localParticipant.performRpc({
      destinationIdentity: to, method, payload: new TextDecoder().decode(bytes), responseTimeout: timeout_ms,
    });
    return content(encode(result));
  },
  async stream({ text, topic, to, form, attributes, name, mime, attachments }, bytes) {
    const me = room.localParticipant;
    const options = { topic, destinationIdentities: to, attributes };
    if (!text) Object.assign(options, { name: name || undefined, mimeType: mime || undefined });
    if (attachments) options.attachments = attachments.map(({ name, data }) => new File([decode(data)], name));
    const whole = text ? new TextDecoder().decode(bytes) : bytes;
    if (form === "whole") {
      await (text ? me.sendText(whole, options) : me.sendBytes(whole, options));
      return {};
    }
    if (form === "unfinished") options.totalSize = bytes.length;
    const writer = await (text ? me.streamText(options) : me.streamBytes(options));
    // Not between the halves of a character.
    const parts = text ? [...whole] : whole;
    const end = form === "unfinished" ? parts.length / 2 : parts.length;
    for (let at = 0; at < end; at += PIECE) {
      const part = parts.slice(at, Math.min(at + PIECE, end));
      await writer.write(text ? part.join("") : part);
    }
    if (form === "unfinished") unfinished.push(writer);
    else await writer.close();
    return {};
  },
};
