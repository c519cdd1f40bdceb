/** The simulated world as a recorded unit sees it: each order goes to the simulator's port, each callback becomes a line. */
import type { UnitHost } from "../../firmware/ports/host.ts";
import type { NameQuestion } from "../../firmware/ports/names.ts";
import type { OpenSerial, Serial } from "../../firmware/ports/serial.ts";
import type { DatagramSocket } from "../../firmware/ports/socket.ts";
import type { Stream } from "../../firmware/ports/stream.ts";
import type { UnitSettings } from "../../firmware/settings.ts";
import { coreOrders, flashHead, type Hear } from "./core-surrounding.ts";
import { type ListHead, listFormat, type OptionalPart } from "./guest/list.ts";
import { houseSurrounding } from "./house-surrounding.ts";
import { bytesAt, latin, numberAt, textAt, withBytes } from "./part-of.ts";
import type { Surrounding } from "./recording.ts";

/** `random`: seed of the device's own dice, never 0. */
export function unitHead(name: string, host: UnitHost, settings: UnitSettings, random: number): ListHead {
  const parts: readonly (readonly [OptionalPart, unknown])[] = [
    ["broadband", host.openBroadband],
    ["streams", host.openBroadbandStream],
    ["names", host.lookUp],
    ["modem", host.openModemLine],
    ["service", host.openServiceLine],
    ["power", host.openPower],
    ["keys", host.openKeys],
    ["thermometer", host.openThermometer],
    ["lid", host.openLid],
    ["speech", host.openSpeech],
    ["media", host.openMedia],
    ["call-sound", host.callSound],
    ["self-check", host.selfCheck],
    ["starts", host.starts],
    ["wifi", host.restWifi],
  ];
  return {
    format: listFormat,
    name,
    device: "unit",
    parts: parts.filter(([, port]) => port !== undefined).map(([part]) => part),
    cause: host.starts?.cause ?? "power-on",
    random,
    ...flashHead(host.flash),
    setup: withBytes(settings),
    answers: [],
  };
}

export function unitSurrounding(host: UnitHost, hear: Hear): Surrounding {
  const house = houseSurrounding(host, hear);
  return {
    orders: {
      ...coreOrders(host, true, hear),
      ...socketOrders(host, hear),
      ...streamOrders(host, hear),
      "look-up": (parts) => {
        const question = { kind: textAt(parts, 1) as NameQuestion["kind"], name: textAt(parts, 2) };
        host.lookUp?.(question, (answer) => hear("name", numberAt(parts, 0), answer ?? null));
      },
      ...serialOrders("modem", host.openModemLine, hear),
      ...serialOrders("service", host.openServiceLine, hear),
      ...house.orders,
      lamp: (parts) => host.signals.show(textAt(parts, 0) as Parameters<UnitHost["signals"]["show"]>[0]),
    },
    answers: house.answers,
    nowMs: () => host.clock.nowMs(),
    stepped: host.observe,
  };
}

function socketOrders(host: UnitHost, hear: Hear): Surrounding["orders"] {
  const sockets: DatagramSocket[] = [];
  return {
    "socket.open": (parts) => {
      const number = numberAt(parts, 0);
      const socket = host.openBroadband?.({
        localPort: numberAt(parts, 1),
        onReady: (local) => hear("socket-ready", number, local.host, local.port),
        onReadable: () => {
          for (let heard = socket?.read(); heard !== undefined; heard = socket?.read())
            hear("datagram", number, latin(heard.bytes), heard.from.host, heard.from.port);
        },
        onFault: (fault) => hear("socket-fault", number, fault),
      });
      if (socket !== undefined) sockets[number] = socket;
    },
    "socket.send": (parts) =>
      sockets[numberAt(parts, 0)]?.send(bytesAt(parts, 3), { host: textAt(parts, 1), port: numberAt(parts, 2) }),
    "socket.close": (parts) => sockets[numberAt(parts, 0)]?.close(),
  };
}

function streamOrders(host: UnitHost, hear: Hear): Surrounding["orders"] {
  const streams: Stream[] = [];
  return {
    "stream.open": (parts) => {
      const number = numberAt(parts, 0);
      const stream = host.openBroadbandStream?.({
        to: { host: textAt(parts, 1), port: numberAt(parts, 2) },
        serverName: parts[3] as string | undefined,
        trust: parts[4] as "checked" | "any" | undefined,
        onReady: (local, proof) => hear("stream-ready", number, local.host, local.port, proof),
        onReadable: () => {
          for (let bytes = stream?.read(); bytes !== undefined; bytes = stream?.read())
            hear("stream-bytes", number, latin(bytes));
        },
        onFault: (fault) => hear("stream-fault", number, fault),
      });
      if (stream !== undefined) streams[number] = stream;
    },
    "stream.write": (parts) => streams[numberAt(parts, 0)]?.write(bytesAt(parts, 1)),
    "stream.close": (parts) => streams[numberAt(parts, 0)]?.close(),
  };
}

function serialOrders(name: "modem" | "service", open: OpenSerial | undefined, hear: Hear): Surrounding["orders"] {
  let line: Serial | undefined;
  return {
    [`${name}.open`]: (parts) => {
      line = open?.({
        baud: numberAt(parts, 0),
        onReadable: () => {
          const bytes = line?.read();
          if (bytes !== undefined) hear("serial", name, latin(bytes));
        },
      });
    },
    [`${name}.write`]: (parts) => line?.write(bytesAt(parts, 0)),
    [`${name}.close`]: () => line?.close(),
  };
}
