/** Callers of every kind at a real port: whole messages, pieces, pings, floods and those who say nothing. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { CertificateBench } from "./live-certificates-bench.ts";
import { halfMessageMs, LiveListener, type LiveListenerOptions } from "./live-listener.ts";
import { ListenError } from "./live-sockets.ts";

afterEach(() => {
  vi.useRealTimers();
});

const message = "OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 4\r\n\r\nbody";
const start: LiveListenerOptions = {
  listen: { host: "127.0.0.1", port: 0 },
  tls: undefined,
  allow: [],
  onMessage: () => {},
  onClosed: () => {},
};

async function open(options: Partial<LiveListenerOptions> = {}) {
  const messages: string[] = [];
  const froms: Endpoint[] = [];
  const closed: string[] = [];
  const listener = new LiveListener({
    ...start,
    onMessage: (bytes, from) => {
      messages.push(Buffer.from(bytes).toString());
      froms.push(from);
    },
    onClosed: (_from, why) => closed.push(why),
    ...options,
  });
  const address = await listener.open();
  onTestFinished(() => listener.shut());
  return { listener, port: address.port, messages, froms, closed };
}

async function call(port: number): Promise<{ socket: Socket; heard: () => string; ended: Promise<unknown> }> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  let heard = "";
  socket.on("data", (bytes) => (heard += bytes.toString()));
  const ended = new Promise((resolve) => socket.once("close", resolve));
  await once(socket, "connect");
  return { socket, heard: () => heard, ended };
}

/** Lets the sockets work; the test's own time limit ends a wait in vain. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

test("messages come whole however they are cut, a ping gets its pong, and answers go back over the same connection", async () => {
  const { listener, port, messages, froms } = await open();
  const { socket, heard } = await call(port);
  socket.write(`${message}${message.substring(0, 30)}`);
  await until(() => messages.length === 1);
  socket.write(`${message.substring(30)}\r\n\r\n`);
  await until(() => heard() === "\r\n");
  expect(messages).toEqual([message, message]);
  expect(listener.has(froms[0] as Endpoint)).toBe(true);
  listener.send(Buffer.from("answer"), froms[0] as Endpoint);
  listener.send(Buffer.from("lost"), { host: "127.0.0.1", port: 1 });
  await until(() => heard() === "\r\nanswer");
  socket.destroy();
  await until(() => listener.callerCount === 0);
});

test("a hearer may keep what it is given", async () => {
  const kept: Uint8Array[] = [];
  const { port } = await open({ onMessage: (bytes) => kept.push(bytes) });
  const { socket } = await call(port);
  socket.write(message + message.replace("body", "else"));
  await until(() => kept.length === 2);
  expect(Buffer.from(kept[0] ?? []).toString()).toBe(message);
});

test("half a message, or none at all, for 32 s ends the connection; a quiet one after a whole message stays", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const { listener, port, messages, closed } = await open();
  const silent = await call(port);
  const half = await call(port);
  half.socket.write(message + message.substring(0, 20));
  const whole = await call(port);
  whole.socket.write(message);
  await until(() => messages.length === 2);
  vi.advanceTimersByTime(halfMessageMs / 2);
  half.socket.write("\r\nX: drip");
  whole.socket.write("\r\n\r\n");
  await until(() => whole.heard() === "\r\n");
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  vi.advanceTimersByTime(halfMessageMs / 2 - 1);
  expect(closed).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(closed).toEqual(["nothing whole for 32 s", "nothing whole for 32 s"]);
  await Promise.all([silent.ended, half.ended]);
  vi.advanceTimersByTime(3_600_000);
  expect(listener.callerCount).toBe(1);
  expect(closed.length).toBe(2);
});

test("a message that cannot be framed, or is too long, ends the connection and says why", async () => {
  const { port, messages, closed } = await open();
  for (const [bytes, why] of [
    ["OPTIONS sip:a@b SIP/2.0\r\n\r\n", "Content-Length is missing"],
    ["OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 9000\r\n\r\n", "longer than 8192"],
    [`OPTIONS sip:${"a".repeat(9_000)}`, "longer than 8192"],
  ] as const) {
    const { socket, ended } = await call(port);
    socket.write(bytes);
    await ended;
    expect(closed.pop()).toContain(why);
  }
  expect(messages).toEqual([]);
});

test("connections beyond the limit are turned away, and one that ends makes room", async () => {
  const { listener, port, closed } = await open({ limit: 2 });
  const first = await call(port);
  await call(port);
  await until(() => listener.callerCount === 2);
  await (await call(port)).ended;
  expect(closed).toEqual(["more connections than are taken"]);
  first.socket.destroy();
  await until(() => listener.callerCount === 1);
  await call(port);
  await until(() => listener.callerCount === 2);
});

test("who takes nothing of what it is sent is left at a limit", async () => {
  const { listener, port, froms, closed } = await open();
  const { socket } = await call(port);
  socket.pause();
  socket.write(message);
  await until(() => froms.length === 1);
  for (let i = 0; i < 5_000 && closed.length === 0; i++) listener.send(new Uint8Array(8_192), froms[0] as Endpoint);
  expect(closed).toEqual(["it does not take what it is sent"]);
  expect(listener.callerCount).toBe(0);
});

test("once shut the port refuses, its connections end with what was written, and it opens again where it was", async () => {
  const { listener, port, froms } = await open();
  const { socket, heard, ended } = await call(port);
  socket.write(message);
  await until(() => froms.length === 1);
  listener.send(Buffer.from("last words"), froms[0] as Endpoint);
  listener.shut();
  listener.shut();
  await ended;
  expect(heard()).toBe("last words");
  const refused = connect(port, "127.0.0.1");
  const [error] = (await once(refused, "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNREFUSED");
  expect(await listener.open()).toEqual({ host: "127.0.0.1", port });
  await call(port);
});

test("a port in use is a ListenError that names the transport", async () => {
  const { port } = await open();
  const second = new LiveListener({ ...start, listen: { host: "127.0.0.1", port } });
  await expect(second.open()).rejects.toThrow(ListenError);
  await expect(second.open()).rejects.toThrow(`cannot listen on tcp:127.0.0.1:${port}: the port is in use`);
  expect(() => new LiveListener({ ...start, listen: { host: "0.0.0.0", port: 0 } })).toThrow("neither loopback");
});

test("under TLS it shows its certificate, asks for that of the caller where it must, and tells who fails", async (context) => {
  if (spawnSync("openssl", ["version"]).status !== 0) context.skip("openssl is not installed (Debian: openssl)");
  const lab = new CertificateBench(context.onTestFinished);
  const identity = lab.leaf({ names: "DNS:larm.example" });
  const known = lab.leaf({ names: "DNS:unit.example", purpose: "clientAuth" });
  const { port, messages, closed } = await open({ tls: { identity, clientCa: lab.authority.cert } });
  const caller = { port, host: "127.0.0.1", servername: "larm.example", ca: lab.authority.cert };
  const trusted = connectTls({ ...caller, cert: known.cert, key: known.key });
  onTestFinished(() => {
    trusted.destroy();
  });
  trusted.write(message);
  await until(() => messages.length === 1);
  const probe = await call(port);
  probe.socket.resetAndDestroy();
  const stranger = connectTls(caller);
  stranger.on("error", () => {});
  await until(() => closed.length === 1);
  const plain = await call(port);
  plain.socket.write(message);
  await plain.ended;
  await until(() => closed.length === 2);
  expect(closed[0]).toMatch(/^no TLS: ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE/);
  expect(closed[1]).toMatch(/^no TLS: /);
  expect(messages.length).toBe(1);
});
