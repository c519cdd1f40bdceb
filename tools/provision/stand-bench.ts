/** For tests: a unit in its box behind a pseudo-terminal, its buttons, a receiver that takes everything, and an installer with two hands. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BoxedButton } from "../../simulator/live/live-stand.ts";
import type { ReceiverEvent } from "../../simulator/peers/receiver-events.ts";
import { type LiveReceiver, openLiveReceiver } from "../../simulator/peers/receiver-live.ts";
import { openStand, type Stand } from "../device/stand.ts";
import type { Desk } from "./desk.ts";
import { jsonText } from "./files.ts";
import { bytesOf, emptyKeys, type KeysContent } from "./keys-file.ts";
import { addressText, type Label, labelCode } from "./label-code.ts";

export const larmkod = "4600100012";

export interface StandBench {
  readonly folder: string;
  /** The service line. */
  readonly port: string;
  readonly stand: Stand;
  readonly receiver: LiveReceiver;
  readonly heard: readonly ReceiverEvent[];
  readonly labels: readonly Label[];
  readonly keys: KeysContent;
  readonly serviceKey: Uint8Array;
  /** Writes a plan, with what the test has in it beside the usual. */
  plan(more?: object): string;
}

type AtEnd = (end: () => void) => void;

const usualSpeed = 40;
/** Of the stand's time. */
const handMs = 2_000;

/** One unit and so many buttons. */
export function madeKeys(buttons: number): KeysContent {
  const made = "2026-11-22T10:00:00.000Z";
  const key = (): string => randomBytes(16).toString("hex");
  const addresses = Array.from({ length: buttons }, (_, at) => addressText(0x0102_0301 + at));
  return {
    ...emptyKeys(),
    units: [{ serial: "U-000001", serviceKey: key(), made }],
    buttons: addresses.map((address) => ({ address, form: "wrist", key: key(), made })),
  };
}

/** The first unit and the buttons of `keys` in their boxes, `speed` times as fast as the world. Everything is switched on, and off at the end. */
export async function openStandBench(
  atEnd: AtEnd,
  keys: KeysContent = madeKeys(1),
  speed = usualSpeed,
): Promise<StandBench> {
  const folder = mkdtempSync(join(tmpdir(), "livlina-stand-"));
  atEnd(() => rmSync(folder, { recursive: true }));
  const heard: ReceiverEvent[] = [];
  const receiver = await openLiveReceiver({
    name: "receiver",
    listen: [{ transport: "udp", host: "127.0.0.1", port: 0 }],
    mode: "normal",
    latencyMs: { least: 1, most: 5 },
    onEvent: (event) => heard.push(event),
  });
  atEnd(() => receiver.close());
  const labels = keys.buttons.map(
    ({ address, form, key }): Label => ({ address: Number.parseInt(address, 16), form, key: bytesOf(key) }),
  );
  const serviceKey = bytesOf(keys.units[0]?.serviceKey ?? "");
  const port = join(folder, "unit");
  const stand = openStand({
    link: port,
    serviceKey,
    buttons: labels.map(({ address, key }): BoxedButton => ({ address, label: key })),
    speed,
    allow: [],
    onNews: () => {},
    onDropped: () => {},
  });
  atEnd(() => stand.close());
  return {
    folder,
    port,
    stand,
    receiver,
    heard,
    labels,
    keys,
    serviceKey,
    plan: (more = {}) => planFile(folder, receiver, labels, more),
  };
}

function planFile(folder: string, receiver: LiveReceiver, labels: readonly Label[], more: object): string {
  const path = join(folder, `${randomUUID()}.json`);
  const address = receiver.addresses[0];
  const settings = {
    format: 1,
    larmkod: larmkod,
    domain: "larm.example",
    policy: "broadband-only",
    receivers: [{ uri: "sip:larm@larm.example", host: "127.0.0.1", port: address?.port }],
  };
  const buttons = labels.map((label, at) => ({ label: labelCode(label), person: at + 1 }));
  writeFileSync(
    path,
    jsonText({ format: 1, unit: "U-000001", client: "K-1042", settings, buttons, rooms: ["kök"], ...more }),
  );
  return path;
}

/** Does what he is told, and answers yes; `client` is what the receiver reads back. */
export class HandyInstaller implements Desk {
  readonly said: string[] = [];
  client = "K-1042";
  /** What he leaves undone: nothing that matches is done. */
  refuses: RegExp | undefined;
  onSay: (text: string) => void = () => {};
  /** He takes this button whichever he is told to press; 0: the right one. */
  mistakes = 0;
  private readonly bench: StandBench;

  constructor(bench: StandBench) {
    this.bench = bench;
  }

  say(text: string): void {
    this.said.push(text);
    this.onSay(text);
    if (this.refuses?.test(text) === true) return;
    const { unit } = this.bench.stand;
    const button = (pattern: RegExp): number => {
      const name = pattern.exec(text)?.[1];
      return this.bench.labels.findIndex(({ address }) => addressText(address) === name) + 1;
    };
    if (text.includes("hold button")) unit.hold(button(/button ([0-9A-F]{8})/));
    else if (text.includes("press button")) this.press(button(/button ([0-9A-F]{8})/));
    else if (text.includes("press the button")) this.press(1);
  }

  ask(question: string): Promise<string> {
    this.said.push(question);
    if (this.refuses?.test(question) === true) return Promise.resolve("no");
    return Promise.resolve(question.includes("read back") ? this.client : "yes");
  }

  close(): void {}

  /** A finger needs a moment: the one that held a button may still be on it. */
  private press(button: number): void {
    this.bench.stand.unit.pressIn(this.mistakes > 0 ? this.mistakes : button, handMs);
  }
}
