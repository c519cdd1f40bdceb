import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { decodeResponse } from "../../protocol/scaip/response.ts";
import { decodeSip, encodeSip, type SipMessage } from "../../protocol/sip/message.ts";
import { okTo } from "../../simulator/peers/receiver-bench.ts";
import { type LiveReceiverProcess, startReceiver, until } from "../live-bench.ts";

interface Vector {
  readonly name: string;
  readonly xml: string;
  readonly value: {
    readonly ref: string;
    readonly cid: string;
    readonly mty: string;
    readonly dty: number;
    readonly stc?: number;
  };
}

const vectors = JSON.parse(
  readFileSync(new URL("../../protocol/vectors/scaip/field.json", import.meta.url), "utf8"),
) as readonly Vector[];

function vector(name: string): Vector {
  const found = vectors.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no vector ${name}`);
  return found;
}

/** What makers have been seen to send, each with its unit's beat or test and its alarm. */
const makers: readonly (readonly [maker: string, ...names: string[]])[] = [
  [
    "Essence",
    "heartbeat with short codes and a did of zeros",
    "alarm with a status of three digits and a mobile number",
  ],
  ["Climax", "test sent as a message"],
  [
    "Possum",
    "heartbeat of nothing but what is mandatory, the type first",
    "alarm with codes of one and two digits and no number behind gsm:",
  ],
  [
    "TeleAlarm",
    "heartbeat with the longest ref, a status, a place and a medium",
    "fault of the unit, with the longest ref",
  ],
  ["Doro", "alarm with a ref of digits, a blank before cid and a bare plus"],
];

/** A unit that never registers, and says everything under one From tag and one Via branch. */
class Sender {
  readonly heard: SipMessage[];
  private readonly socket: Socket;
  private readonly port: number;
  private lastNumber: number;

  constructor(socket: Socket, port: number) {
    this.heard = [];
    this.socket = socket;
    this.port = port;
    this.lastNumber = 0;
    socket.on("message", (bytes) => {
      const message = decodeSip(bytes);
      if (!message.ok) return;
      this.heard.push(message.value);
      if (message.value.kind === "request") socket.send(encodeSip(okTo(message.value)), port, "127.0.0.1");
    });
  }

  say(xml: string, user: string): void {
    this.lastNumber++;
    const head = [
      "MESSAGE sip:larm@larm.example.net SIP/2.0",
      `Via: SIP/2.0/UDP 127.0.0.1:${this.socket.address().port};branch=z9hG4bK1`,
      `From: <sip:${user}@larm.example.net>;tag=1`,
      "To: <sip:larm@larm.example.net>",
      `Call-ID: ${this.lastNumber}@127.0.0.1`,
      "CSeq: 1 MESSAGE",
      "Max-Forwards: 70",
      "Content-Type: application/scaip+xml",
      `Content-Length: ${Buffer.byteLength(xml)}`,
    ];
    this.socket.send(`${head.join("\r\n")}\r\n\r\n${xml}`, this.port, "127.0.0.1");
  }

  /** Ref and status number of each `mrs` so far. */
  answers(): readonly string[] {
    const found: string[] = [];
    for (const message of this.heard) {
      const decoded = message.kind === "request" ? decodeResponse(message.body) : undefined;
      if (decoded?.ok === true) found.push(`${decoded.value.ref} ${decoded.value.snu}`);
    }
    return found;
  }

  get carriedCount(): number {
    return this.heard.filter((message) => message.kind === "response" && message.status === 200).length;
  }
}

async function senderTo({ port }: LiveReceiverProcess): Promise<Sender> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => {
    socket.close();
  });
  return new Sender(socket, port);
}

test("what the makers of other units send is carried and accepted, from units that never register and vary nothing in SIP", {
  timeout: 40_000,
}, async () => {
  const receiver = await startReceiver(onTestFinished);
  for (const [maker, ...names] of makers) {
    const unit = await senderTo(receiver);
    for (const name of names) {
      const { xml, value } = vector(name);
      const before = receiver.events().length;
      unit.say(xml, value.cid);
      await until(() => unit.answers().includes(`${value.ref} 0`));
      const { ref, cid, mty, dty, stc } = value;
      const type = mty === "PI" ? "heartbeat" : "alarm";
      const event = receiver.events()[before];
      expect(event, maker).toMatchObject({ type, ref, cid, mty, dty, answer: "snu 0", again: false });
      expect(event?.["stc"], maker).toBe(stc);
    }
    expect(unit.carriedCount, maker).toBe(names.length);
  }
});

test("two alarms under one branch and one tag are two alarms, and one that comes twice is one", {
  timeout: 40_000,
}, async () => {
  const receiver = await startReceiver(onTestFinished);
  const unit = await senderTo(receiver);
  const { xml, value } = vector("alarm with a status of three digits and a mobile number");
  unit.say(xml, value.cid);
  await until(() => unit.answers().includes(`${value.ref} 0`));
  unit.say(xml.replace(value.ref, "7H2KB"), value.cid);
  await until(() => unit.answers().includes("7H2KB 0"));
  unit.say(xml, value.cid);
  await until(() => receiver.events().length === 3);
  expect(receiver.events().map((event) => [event["ref"], event["case"], event["again"]])).toEqual([
    [value.ref, 1, false],
    ["7H2KB", 2, false],
    [value.ref, 1, true],
  ]);
});
