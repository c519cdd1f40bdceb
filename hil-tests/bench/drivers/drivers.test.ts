/** Each driver against a stand-in of what it drives: pseudo-terminals, servers on loopback, a program of the same name. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { openPty } from "../../../tools/device/pty.ts";
import { EspruinoPeer } from "../../../tools/flash/espruino-peer.ts";
import type { PortSources } from "../../../tools/flash/ports.ts";
import { openDesk } from "../../../tools/provision/desk.ts";
import { SerialBoards } from "../serial-boards.ts";
import { byHand } from "./by-hand.ts";
import { gpio } from "./gpio.ts";
import { httpSwitch } from "./http-switch.ts";
import { scpi } from "./scpi.ts";
import { uhubctl } from "./uhubctl.ts";
import { usbRelay } from "./usb-relay.ts";

const place = { serialNumber: "R-1", socket: "" };

/** The system's list, with one board at that path. */
function listed(path: () => string): PortSources {
  return {
    list: async () => [{ path: path(), vendorId: "1a86", productId: "7523", serialNumber: "R-1" }],
    sysfs: "/nowhere",
  };
}

/** A board behind a pseudo-terminal, which answers each piece that it hears. */
function serialPeer(answer: (heard: Buffer) => Uint8Array | string): SerialBoards {
  const pty = openPty();
  onTestFinished(() => pty.close());
  const serial = pty.openDevice({
    baud: 9_600,
    onReadable: () => {
      for (let bytes = serial.read(); bytes !== undefined; bytes = serial.read()) {
        const said = answer(Buffer.from(bytes));
        if (said.length > 0) serial.write(Buffer.from(said));
      }
    },
  });
  return new SerialBoards(listed(() => pty.path));
}

/** A relay board of the LCUS kind. Frames may come in one piece. */
function relayBoard({ isMute = false, isStuck = false }): {
  boards: SerialBoards;
  states: boolean[];
  frames: string[];
} {
  const states = [false, false];
  const frames: string[] = [];
  const boards = serialPeer((heard) => {
    let said = "";
    for (let at = 0; at < heard.length; ) {
      if (heard[at] === 0xff) {
        said += states.map((on, index) => `CH${index + 1}:${on ? "ON" : "OFF"} \r\n`).join("");
        at++;
        continue;
      }
      const frame = heard.subarray(at, at + 4);
      frames.push(frame.toString("hex"));
      if (!isStuck) states[(frame[1] as number) - 1] = frame[2] === 1;
      at += 4;
    }
    return isMute ? "" : said;
  });
  return { boards, states, frames };
}

test("a relay is pulled in and let go by frames with their sum, and what the board says of it is believed", async () => {
  const { boards, states, frames } = relayBoard({});
  const relay = usbRelay(boards, { place, channel: 2, inverted: false });
  await relay.check();
  await relay.set(true);
  expect(states).toEqual([false, true]);
  await relay.set(false);
  expect(states).toEqual([false, false]);
  expect(frames).toEqual(["a00201a3", "a00200a2"]);
});

test("an inverted relay lets go to switch on, and one that tells nothing is believed", async () => {
  const { boards, states } = relayBoard({ isMute: true });
  const relay = usbRelay(boards, { place, channel: 1, inverted: true });
  await relay.check();
  await relay.set(false);
  expect(states).toEqual([true, false]);
  await relay.set(true);
  expect(states).toEqual([false, false]);
});

test("a relay that does not move, or is not there, is the rig's fault", async () => {
  const { boards } = relayBoard({ isStuck: true });
  const fault = { name: "RigError", verdict: "blocked" };
  await expect(usbRelay(boards, { place, channel: 1, inverted: false }).set(true)).rejects.toMatchObject(fault);
  await expect(usbRelay(boards, { place, channel: 4, inverted: false }).check()).rejects.toThrow("no relay 4");
  const other = { serialNumber: "R-2", socket: "" };
  await expect(usbRelay(boards, { place: other, channel: 1, inverted: false }).check()).rejects.toThrow(
    "no port is R-2",
  );
});

test("two channels of one board wait for each other", async () => {
  const { boards, states } = relayBoard({});
  const relays = [1, 2].map((channel) => usbRelay(boards, { place, channel, inverted: false }));
  await Promise.all(relays.map((relay) => relay.set(true)));
  expect(states).toEqual([true, true]);
});

/** A program of that name, whose hub can be switched or only pretends to be. */
function hubProgram(pretends: boolean): string {
  const folder = mkdtempSync(join(tmpdir(), "livlina-hub-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "uhubctl");
  const state = join(folder, "state");
  writeFileSync(state, "0503 power highspeed enable connect");
  const off = pretends ? "true" : `echo '0000 off' > ${state}`;
  writeFileSync(
    path,
    `#!/bin/sh
if [ "$2" != 1-1 ]; then echo "No compatible devices detected at location $2!" >&2; exit 1; fi
case "$6" in off) ${off};; on) echo '0503 power' > ${state};; esac
echo "Current status for hub 1-1 [2109:2817 USB2.0 Hub, USB 2.10, 4 ports, ppps]"
echo "  Port 4: $(cat ${state})"
`,
  );
  chmodSync(path, 0o755);
  return path;
}

test("a socket of a hub is switched, and looked at afterwards", async () => {
  const socket = uhubctl({ hub: "1-1", port: 4 }, hubProgram(false));
  await socket.check();
  await socket.set(false);
  await socket.set(true);
});

test("a hub that only pretends, has no such socket, or is not there is told", async () => {
  await expect(uhubctl({ hub: "1-1", port: 4 }, hubProgram(true)).set(false)).rejects.toThrow("did not go off");
  await expect(uhubctl({ hub: "1-1", port: 3 }, hubProgram(false)).check()).rejects.toThrow("hub 1-1 has no socket 3");
  await expect(uhubctl({ hub: "1-2", port: 4 }, hubProgram(false)).check()).rejects.toThrow("No compatible devices");
  await expect(uhubctl({ hub: "1-1", port: 4 }, "/nowhere/uhubctl").check()).rejects.toThrow("not installed");
});

test("a pin of a rig board is set over its console", async () => {
  const peer = new EspruinoPeer({ pins: ["D5"] });
  onTestFinished(() => peer.close());
  const boards = new SerialBoards(listed(() => peer.pty.path));
  const pin = gpio(boards, { place, pin: "D5", isActiveLow: false });
  await pin.check();
  await pin.set(true);
  expect(peer.levels.get("D5")).toBe(1);
  await gpio(boards, { place, pin: "D5", isActiveLow: true }).set(true);
  expect(peer.levels.get("D5")).toBe(0);
});

/** A supply that keeps what it is told. */
function supply(): { lines: string[]; answer: (heard: Buffer) => string } {
  const lines: string[] = [];
  let isOn = false;
  const answer = (heard: Buffer): string => {
    let said = "";
    for (const line of heard
      .toString("latin1")
      .split("\n")
      .filter((each) => each !== "")) {
      lines.push(line);
      if (line === "OUTP ON") isOn = true;
      if (line === "OUTP OFF") isOn = false;
      if (line === "OUTP?") said += isOn ? "1\n" : "0\n";
      if (line === "*IDN?") said += "KORAD,KA3305P,1,V7.0\n";
    }
    return said;
  };
  return { lines, answer };
}

async function tcpServer(answer: (heard: Buffer) => string): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => socket.write(answer(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test("a supply is set and switched by SCPI over TCP", async () => {
  const { lines, answer } = supply();
  const port = await tcpServer(answer);
  const boards = new SerialBoards();
  const output = scpi(boards, { at: { host: "127.0.0.1", port }, channel: 2, volts: 3.7, amps: 1 });
  await output.check();
  await output.set(true);
  await output.set(false);
  expect(lines).toEqual([
    ...["*IDN?", "INST:NSEL 2", "VOLT 3.7", "CURR 1", "OUTP ON", "OUTP?"],
    ...["INST:NSEL 2", "OUTP OFF", "OUTP?"],
  ]);
});

test("a supply is switched by SCPI over a serial port, and one that does not obey is told", async () => {
  const { answer } = supply();
  const usual = { channel: undefined, volts: undefined, amps: undefined };
  await scpi(serialPeer(answer), { at: place, ...usual }).set(true);
  const locked = serialPeer((heard) => (heard.includes("OUTP?") ? "0\n" : ""));
  await expect(scpi(locked, { at: place, ...usual }).set(true)).rejects.toThrow('the supply says "0" and not ON');
});

test("a supply that is not there is the rig's fault", async () => {
  const port = await tcpServer(() => "");
  const at = { host: "127.0.0.1", port };
  const none = { channel: undefined, volts: undefined, amps: undefined };
  await expect(scpi(new SerialBoards(), { at, ...none }).check()).rejects.toThrow("no answer");
});

async function httpServer(): Promise<{ base: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createHttpServer((request, response) => {
    asked.push(request.url ?? "");
    response.statusCode = request.url?.includes("broken") === true ? 500 : 200;
    response.end(request.url?.includes("off") === true ? '{"ison":false}' : '{"ison":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const plain = { on: undefined, off: undefined, set: undefined, check: undefined, answer: undefined };

test("a switch on the network is asked by GET, and its answer must hold what it should", async () => {
  const { base, asked } = await httpServer();
  const socket = httpSwitch({ ...plain, on: `${base}/relay/0?turn=on`, off: `${base}/relay/0?turn=off` });
  await socket.check();
  await socket.set(true);
  await socket.set(false);
  expect(asked).toEqual(["/", "/relay/0?turn=on", "/relay/0?turn=off"]);
  const doubted = httpSwitch({ ...plain, on: `${base}/on`, off: `${base}/off`, answer: '"ison":true' });
  await doubted.set(true);
  await expect(doubted.set(false)).rejects.toThrow('answers "{\\"ison\\":false}"');
  await expect(httpSwitch({ ...plain, on: `${base}/broken` }).set(true)).rejects.toThrow("HTTP 500");
});

test("an attenuator is set to a number, and a switch is not", async () => {
  const { base, asked } = await httpServer();
  await httpSwitch({ ...plain, set: `${base}/:SETATT={value}` }).set(40);
  expect(asked).toEqual(["/:SETATT=40"]);
  await expect(httpSwitch({ ...plain, on: `${base}/on` }).set(40)).rejects.toThrow("http cannot set 40");
});

test("a switch that is not on the network is the rig's fault", async () => {
  await expect(httpSwitch({ ...plain, on: "http://127.0.0.1:9/on" }).check()).rejects.toMatchObject({
    name: "RigError",
    message: expect.stringContaining("http://127.0.0.1:9/"),
  });
});

test("a person is asked, and only his yes counts", async () => {
  const desk = openDesk(Readable.from(["yes\n", "no\n"]));
  const plug = byHand("the plug of unit-1", desk);
  await plug.check();
  await plug.set(true);
  await expect(plug.set(false)).rejects.toThrow("it was not made OFF");
  await expect(plug.set(true)).rejects.toThrow("nobody answers");
});

test("where nobody sits nothing is moved by hand", async () => {
  const fault = { name: "RigError", message: "the plug: nobody can be asked here" };
  await expect(byHand("the plug", undefined).check()).rejects.toMatchObject(fault);
  await expect(byHand("the plug", undefined).set(true)).rejects.toMatchObject(fault);
});
