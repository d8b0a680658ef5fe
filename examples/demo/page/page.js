// Joins the room with LiveKit's browser SDK and plots what is received on the topic `readings`.
"use strict";

const { Room, RoomEvent } = LivekitClient;
const AGAIN_MS = [250, 500, 1000, 2000];

window.readings = []; // as received, duplicates included
window.room = new Room();

// By boot and number: a device retries, so a reading may be received twice.
const seen = new Set();
const boots = new Map(); // the first and the last number of each, and how many were received
const times = [], values = [];
let began; // when the first one was received

const plot = new uPlot({
  width: document.getElementById("plot").clientWidth,
  height: 240,
  legend: { show: false },
  scales: { x: { time: false }, y: { range: (_, low, high) => [Math.floor(low ?? 0), Math.ceil(high ?? 1) + 0.01] } },
  axes: [axis("s"), { ...axis("°C"), size: 64 }],
  series: [{}, { stroke: "#1f6feb", width: 2, fill: "#1f6feb18", points: { show: true, size: 6, fill: "#1f6feb" } }],
}, [times, values], document.getElementById("plot"));

function axis(unit) {
  return { stroke: "#5b6b7d", grid: { stroke: "#0001" }, values: (_, ticks) => ticks.map((tick) => `${tick} ${unit}`) };
}

function show(id, text) {
  document.getElementById(id).textContent = text;
}

function received(reading) {
  window.readings.push(reading);
  const key = `${reading.boot} ${reading.n}`;
  if (!seen.has(key)) {
    seen.add(key);
    const boot = boots.get(reading.boot) ?? { first: reading.n, last: reading.n, count: 0 };
    boots.set(reading.boot, boot);
    boot.last = Math.max(boot.last, reading.n);
    boot.count += 1;
    times.push((performance.now() - (began ??= performance.now())) / 1000);
    values.push(reading.celsius);
    plot.setData([times, values]);
  }
  const lost = [...boots.values()].reduce((sum, boot) => sum + (boot.last - boot.first + 1 - boot.count), 0);
  show("celsius", reading.celsius.toFixed(2));
  show("boot", reading.boot);
  show("count", seen.size);
  show("lost", lost);
  show("twice", window.readings.length - seen.size);
}

// Retries until it succeeds: the SDK itself reconnects after short interruptions only.
async function join() {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const { url, token } = await (await fetch("connection")).json();
      return await window.room.connect(url, token);
    } catch (error) {
      console.warn("not joined:", error);
      await new Promise((done) => setTimeout(done, AGAIN_MS[Math.min(attempt, AGAIN_MS.length - 1)]));
    }
  }
}

window.room
  .on(RoomEvent.DataReceived, (payload, participant, kind, topic) => {
    if (topic === "readings") received(JSON.parse(new TextDecoder().decode(payload)));
  })
  .on(RoomEvent.ConnectionStateChanged, (state) => {
    show("state", state);
    document.getElementById("state").dataset.state = state;
  })
  .on(RoomEvent.Disconnected, join);

join();
