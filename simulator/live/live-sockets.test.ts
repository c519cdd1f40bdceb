import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { Datagram, DatagramSocket, Endpoint } from "../../firmware/ports/socket.ts";
import { isAllowed, type ListenError, type LiveSocketOptions, liveSockets, waitingLimit } from "./live-sockets.ts";

interface Open {
  readonly socket: DatagramSocket;
  readonly local: Endpoint;
  /** The next datagram. */
  next(): Promise<Datagram>;
}

function open(live: LiveSocketOptions = {}): Promise<Open> {
  return new Promise((resolve) => {
    let wake: (datagram: Datagram) => void = () => {};
    const socket = liveSockets(live)({
      localPort: 0,
      onReady: (local) => resolve({ socket, local, next: () => new Promise((took) => (wake = took)) }),
      onReadable: () => {
        const datagram = socket.read();
        if (datagram !== undefined) wake(datagram);
      },
      onFault: () => expect.unreachable(),
    });
    onTestFinished(() => socket.close());
  });
}

async function plain(): Promise<{ socket: Socket; port: number }> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => {
    socket.close();
  });
  return { socket, port: (socket.address() as AddressInfo).port };
}

test("datagrams go both ways with the address they came from", async () => {
  const one = await open();
  const other = await plain();
  const heard = once(other.socket, "message");
  one.socket.send(Uint8Array.of(1, 2, 3), { host: "127.0.0.1", port: other.port });
  const [bytes, from] = (await heard) as [Uint8Array, AddressInfo];
  expect([...bytes]).toEqual([1, 2, 3]);
  expect(from.port).toBe(one.local.port);
  const next = one.next();
  other.socket.send(Uint8Array.of(9), one.local.port, "127.0.0.1");
  expect(await next).toEqual({ bytes: Buffer.of(9), from: { host: "127.0.0.1", port: other.port } });
});

test("localhost is resolved", async () => {
  const one = await open();
  const other = await plain();
  const heard = once(other.socket, "message");
  one.socket.send(Uint8Array.of(7), { host: "localhost", port: other.port });
  await heard;
});

test("nothing leaves for an address that is not allowed", async () => {
  const dropped: string[] = [];
  const one = await open({ onDropped: (host) => dropped.push(host) });
  one.socket.send(Uint8Array.of(1), { host: "192.0.2.1", port: 5060 });
  one.socket.send(Uint8Array.of(1), { host: "larm.example.net", port: 5060 });
  expect(dropped).toEqual(["192.0.2.1", "larm.example.net"]);
});

test("loopback is always allowed, all else from the list alone", () => {
  for (const host of ["127.0.0.1", "127.9.9.9", "::1", "localhost"]) expect(isAllowed(host, [])).toBe(true);
  for (const host of ["0.0.0.0", "::", "192.0.2.1", "127.example.net", "localhost.example.net", ""])
    expect(isAllowed(host, ["192.0.2.9"])).toBe(false);
  expect(isAllowed("192.0.2.9", ["192.0.2.9"])).toBe(true);
});

test("listening beyond loopback is refused unless it is allowed", () => {
  const options = { localPort: 0, onReady: () => {}, onReadable: () => {}, onFault: () => {} };
  expect(() => liveSockets({ host: "0.0.0.0" })(options)).toThrow("neither loopback nor allowed");
});

test("a port in use is said so, and is a fault for who asked", async () => {
  const other = await plain();
  const error = await new Promise<ListenError>((resolve) => {
    const faults: string[] = [];
    const socket = liveSockets({
      onListenError: (found) => {
        socket.close();
        resolve(found);
      },
    })({ localPort: other.port, onReady: () => {}, onReadable: () => {}, onFault: (fault) => faults.push(fault) });
  });
  expect(error).toMatchObject({ code: "EADDRINUSE", endpoint: { host: "127.0.0.1", port: other.port } });
  expect(error.message).toBe(`cannot listen on udp:127.0.0.1:${other.port}: the port is in use`);
});

test("datagrams that nobody reads are kept up to a limit", async () => {
  let counts: number[] = [];
  const socket = await new Promise<{ socket: DatagramSocket; local: Endpoint }>((resolve) => {
    const opened = liveSockets()({
      localPort: 0,
      onReady: (local) => resolve({ socket: opened, local }),
      onReadable: (count) => counts.push(count),
      onFault: () => {},
    });
    onTestFinished(() => opened.close());
  });
  const other = await plain();
  // Sent a few at a time, so that the system's own buffer is not the limit that is seen.
  for (let i = 0; i < waitingLimit + 40; i++) {
    await new Promise((sent) => other.socket.send(Uint8Array.of(i & 0xff), socket.local.port, "127.0.0.1", sent));
    if (i % 16 === 0) await new Promise((turn) => setImmediate(turn));
  }
  await expect.poll(() => counts.length).toBeGreaterThanOrEqual(waitingLimit);
  for (let i = 0; i < 10; i++) await new Promise((turn) => setImmediate(turn));
  expect(Math.max(...counts)).toBe(waitingLimit);
  let read = 0;
  while (socket.socket.read() !== undefined) read++;
  expect(read).toBe(waitingLimit);
  counts = [];
});

test("after close nothing comes and nothing is sent", async () => {
  const one = await open();
  one.socket.close();
  one.socket.close();
  one.socket.send(Uint8Array.of(1), { host: "127.0.0.1", port: 9 });
  expect(one.socket.read()).toBeUndefined();
});
