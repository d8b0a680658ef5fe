// The device that is in the room itself: calls its methods, and shows the log that it streams.
"use strict";

const DEVICE = "device";
const LOG_BYTES = 8000; // of which the last are shown
const { room } = window;

// Calls a method, and shows the error if there is one.
async function call(method, payload) {
  show("error", "");
  try {
    return await room.localParticipant.performRpc({ destinationIdentity: DEVICE, method, payload });
  } catch (error) {
    show("error", error.message);
    throw error;
  }
}

async function read() {
  show("answer", "–");
  show("answer", await call("read", ""));
}

// As it comes; it ends when another page wants it, or the device is gone.
async function follow(reader) {
  const log = document.getElementById("log");
  for await (const text of reader) {
    log.textContent = (log.textContent + text).slice(-LOG_BYTES);
    log.scrollTop = log.scrollHeight;
  }
}

function present() {
  const state = room.remoteParticipants.has(DEVICE) ? "connected" : "away";
  show("device", state);
  document.getElementById("device").dataset.state = state;
  return state === "connected";
}

async function found() {
  if (present()) await call("log", "");
}

room.registerTextStreamHandler("log", (reader, { identity }) => {
  if (identity === DEVICE) follow(reader).catch((error) => console.warn("the log ended:", error));
});
room
  .on(RoomEvent.Connected, found)
  .on(RoomEvent.ParticipantConnected, ({ identity }) => identity === DEVICE && found())
  .on(RoomEvent.ParticipantDisconnected, present)
  .on(RoomEvent.Disconnected, present);
document.getElementById("read").addEventListener("click", read);
document.getElementById("set").addEventListener("click", () => call("set_interval", document.getElementById("interval").value));
