/** The golden vectors of `protocol/vectors` as questions to an engine, each with the answer that the vector itself asks for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { textOf } from "./guest/parts.ts";
import { different, type TalkKind } from "./guest/talk-kinds.ts";
import { latin, withBytes } from "./part-of.ts";

export interface VectorQuestion {
  readonly name: string;
  readonly kind: string;
  /** What the guest is given. */
  readonly text: string;
  /** Whether this answer is what the vector wants. */
  readonly fits: (answer: string) => boolean;
}

const folder = fileURLToPath(new URL("../../protocol/vectors", import.meta.url));
const talkFiles: Readonly<Record<string, TalkKind>> = {
  "": "datagrams",
  "-streams": "streams",
  "-calls": "calls",
  "-sms": "messages",
};

export function vectorQuestions(): VectorQuestion[] {
  return [...radioQuestions(), ...scaipQuestions(), ...sipQuestions(), ...signedQuestions(), ...talkQuestions()];
}

function jsonOf<T>(path: string): readonly T[] {
  return JSON.parse(readFileSync(join(folder, path), "utf8")) as readonly T[];
}

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function equals(wanted: string): (answer: string) => boolean {
  return (answer) => answer === wanted;
}

type Texts = Readonly<Record<string, string>>;

function radioQuestions(): VectorQuestion[] {
  const sealed = jsonOf<Texts & { tagLength: number }>("radio/ccm.json").map((vector) => {
    const hex = (field: string): Uint8Array => bytesOf(vector[field] ?? "");
    const given = {
      key: hex("key"),
      nonce: hex("nonce"),
      header: hex("header"),
      text: hex("text"),
      sealed: hex("sealed"),
    };
    return {
      name: `radio ${vector["name"]}`,
      kind: "ccm",
      text: JSON.stringify(withBytes({ ...given, tagLength: vector.tagLength })),
      fits: equals(`${textOf(given.sealed)}\n${textOf(given.text)}`),
    };
  });
  const frames = jsonOf<Texts & { counter: number }>("radio/frames.json").map((vector) => {
    const hex = (field: string): Uint8Array => bytesOf(vector[field] ?? "");
    const given = {
      key: hex("key"),
      code: Number.parseInt(vector["type"] ?? "", 16),
      address: Number.parseInt(vector["address"] ?? "", 16),
      counter: vector.counter,
      payload: hex("payload"),
      frame: hex("frame"),
    };
    return {
      name: `radio ${vector["name"]}`,
      kind: "frame",
      text: JSON.stringify(withBytes(given)),
      fits: equals(`${textOf(given.frame)}\n${textOf(given.payload)}`),
    };
  });
  return [...sealed, ...frames];
}

function scaipQuestions(): VectorQuestion[] {
  const questions: VectorQuestion[] = [];
  for (const [file, kind] of [
    ["requests", "scaip-request"],
    ["field", "scaip-heard"],
    ["responses", "scaip-response"],
  ] as const)
    for (const { name, xml, value } of jsonOf<{ name: string; xml: string; value: unknown }>(`scaip/${file}.json`)) {
      // What came from the field may be written otherwise than we write it.
      const written = file === "field" ? "" : `\n${textOf(new Uint8Array(Buffer.from(xml)))}`;
      questions.push({
        name: `scaip ${name}`,
        kind,
        text: latin(Buffer.from(xml)),
        fits: equals(textOf(value) + written),
      });
    }
  for (const { name, xml, reason } of jsonOf<{ name: string; xml: string; reason: string }>("scaip/refused.json"))
    questions.push({
      name: `scaip refused: ${name}`,
      kind: "scaip-refused",
      text: latin(Buffer.from(xml)),
      fits: (answer) => answer.startsWith(`${reason}\n`),
    });
  return questions;
}

function sipQuestions(): VectorQuestion[] {
  const ours = jsonOf<Texts>("sip/alarm-exchange.json").map(({ name, text = "" }) => {
    const bytes = new Uint8Array(Buffer.from(text));
    return {
      name: `sip ${name}`,
      kind: "sip",
      text: latin(bytes),
      fits: (answer: string) => answer.endsWith(`\n${textOf(bytes)}`),
    };
  });
  // What we make of each stands in the tests of protocol/sip; here it must be the same on each engine.
  const torture = jsonOf<Texts>("sip-torture/index.json").map(({ id, file = "" }) => ({
    name: `sip torture ${id}`,
    kind: "sip",
    text: latin(readFileSync(join(folder, "sip-torture", file))),
    fits: () => true,
  }));
  return [...ours, ...torture];
}

function signedQuestions(): VectorQuestion[] {
  interface Signed {
    readonly name: string;
    readonly key: string;
    readonly alarm?: object;
    readonly answer?: object;
    readonly text: string;
  }
  return jsonOf<Signed>("sms-alarm/texts.json").map(({ name, key, alarm, answer, text }) => ({
    name: `message ${name}`,
    kind: "sms-alarm",
    text: JSON.stringify(withBytes({ key: bytesOf(key), alarm: alarm !== undefined, text })),
    fits: equals(`${textOf(alarm ?? answer)}\n${text}`),
  }));
}

function talkQuestions(): VectorQuestion[] {
  const questions: VectorQuestion[] = [];
  for (const vendor of ["quectel", "simcom", "ublox"])
    for (const [ending, kind] of Object.entries(talkFiles))
      questions.push({
        name: `at ${vendor}${ending}`,
        kind: `talk-${kind}`,
        text: readFileSync(join(folder, "at", `${vendor}${ending}.txt`), "utf8"),
        fits: (answer) => !answer.includes(different),
      });
  return questions;
}
