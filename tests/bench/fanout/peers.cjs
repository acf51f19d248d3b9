// peers.cjs KIND PORT MESSAGES RATE: node's servers that KAYAN is measured against; as peers.py. NODE_PATH names the node_modules.
const [kind, ...numbers] = process.argv.slice(2);
const [port, messages, rate] = numbers.map(Number);
const HOST = "127.0.0.1";
const BACKLOG = 4096;
const BEFORE_FIRST = 50_000_000n; // ns
const now = process.hrtime.bigint;

/** node ws: binary messages whose first eight bytes are the stamp. */
function ws() {
  const { WebSocketServer } = require("ws");
  const server = new WebSocketServer({ host: HOST, port, perMessageDeflate: false, backlog: BACKLOG });
  return (stamp) => {
    const payload = Buffer.alloc(48, ".");
    payload.writeBigUInt64LE(stamp);
    for (const client of server.clients) client.send(payload, { binary: true });
  };
}

/** socket.io: its own text protocol, the stamp as digits. */
function socketio() {
  const http = require("http").createServer();
  const io = new (require("socket.io").Server)(http);
  io.on("connection", (client) => client.join("room"));
  http.listen({ port, host: HOST, backlog: BACKLOG });
  return (stamp) => io.to("room").emit("m", `ts:${String(stamp).padStart(19, "0")}`.padEnd(48, "."));
}

const send = { ws, socketio }[kind]();

process.on("SIGUSR1", () => {
  const first = now() + BEFORE_FIRST;
  let n = 0n;
  const due = () => first + (n * 1_000_000_000n) / BigInt(rate);
  const wait = () => Math.max(0, Number(due() - now()) / 1e6);
  const turn = () => {
    if (wait() > 0.5) return setTimeout(turn, wait());
    send(now() < due() ? now() : due());
    n += 1n;
    if (n < messages) setTimeout(turn, wait());
  };
  turn();
});
