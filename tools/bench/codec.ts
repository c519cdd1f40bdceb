/** Bench `codec`: one alarm's whole exchange, with our reading of XML and with two public libraries in its place. */
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { encodeRequest } from "../../protocol/scaip/request.ts";
import { encodeResponse } from "../../protocol/scaip/response.ts";
import { encodeSip, settled } from "../../protocol/sip/message.ts";
import { bytesPerRun } from "./allocation.ts";
import { bareContender } from "./bare.ts";
import { documents, type Exchanged, exchange, ownReader, type XmlReader } from "./exchange.ts";
import { type Contender, type Figures, measure, type Timing } from "./measure.ts";
import { figure, type Table } from "./table.ts";
import { type Found, findLibraries } from "./xml-libraries.ts";

export interface CodecBench {
  readonly bench: "codec";
  /** Installed and equal to ours over all fields, and those that are not installed. */
  readonly missing: readonly string[];
  /** Per exchange with SIP, and for its two XML documents alone. */
  readonly exchange: readonly Row[];
  readonly documents: readonly Row[];
  /** The floor of each, timed in the same rounds: see `bare.ts`. */
  readonly floors: { readonly exchange: Row; readonly documents: Row };
}

export interface Row extends Figures {
  readonly bytes: number;
}

const turnLimit = 1 << 16;

export async function benchCodec(timing: Timing, libraries?: readonly Found[]): Promise<CodecBench> {
  const found = libraries ?? (await findLibraries());
  const readers = [ownReader];
  for (const { reader } of found) if (reader !== undefined) readers.push(reader);
  for (const reader of readers) showEqual(reader);
  const { messages: sips, request, response } = exchange(ownReader, 7);
  const messages = sips.map((message) => encodeSip(message));
  const bodies = [encodeRequest(request), encodeResponse(response)];
  const whole = rows(readers, (reader, turn) => exchange(reader, turn).response.snu, [...messages, ...bodies], timing);
  const parts = rows(readers, (reader, turn) => documents(reader, turn).response.snu, bodies, timing);
  return {
    bench: "codec",
    missing: found.filter(({ reader }) => reader === undefined).map(({ name }) => name),
    exchange: whole.slice(0, -1),
    documents: parts.slice(0, -1),
    floors: { exchange: whole.at(-1) as Row, documents: parts.at(-1) as Row },
  };
}

export function codecTables(result: CodecBench): Table[] {
  const columns = ["", "median/s", "min/s", "max/s", "takes", "bytes each"];
  const shown = (rows: readonly Row[], floor: Row): string[][] => [
    ...[...rows, floor].map((row) => [
      row.name,
      figure(row.median),
      figure(row.least),
      figure(row.most),
      `${row.ratio.toFixed(2)} x`,
      figure(row.bytes),
    ]),
    ...result.missing.map((name) => [name, "not installed"]),
  ];
  return [
    {
      title: "alarm exchange: SIP and SCAIP request, 200, response, 200, as bytes",
      columns,
      rows: shown(result.exchange, result.floors.exchange),
    },
    { title: "its SCAIP request and response alone", columns, rows: shown(result.documents, result.floors.documents) },
  ];
}

/** Of each reader, and of the floor at the end. */
function rows(
  readers: readonly XmlReader[],
  once: (reader: XmlReader, turn: number) => number,
  arrays: readonly Uint8Array[],
  timing: Timing,
): Row[] {
  const contenders = readers.map((reader): Contender => {
    let turn = 0;
    const run = (times: number): number => {
      let sum = 0;
      for (let i = 0; i < times; i++) {
        turn = (turn + 1) % turnLimit;
        sum += once(reader, turn);
      }
      return sum;
    };
    return { name: reader.name, run };
  });
  contenders.push(bareContender(arrays));
  const figures = measure(contenders, timing);
  return figures.map((each, i) => ({ ...each, bytes: bytesPerRun((contenders[i] as Contender).run) }));
}

interface Vector {
  readonly name: string;
  readonly xml: string;
}

/** Nothing is timed that does not read the same: the exchange and every golden document, all fields. Throws. */
export function showEqual(reader: XmlReader): void {
  const differs = (what: string): Error => new Error(`bench: ${reader.name} reads another value: ${what}`);
  if (!isDeepStrictEqual(plain(exchange(reader, 7)), plain(exchange(ownReader, 7)))) throw differs("the exchange");
  const bytesOf = (vector: Vector): Uint8Array => new TextEncoder().encode(vector.xml);
  for (const vector of vectors("requests"))
    if (!same(reader.request(bytesOf(vector)), ownReader.request(bytesOf(vector)))) throw differs(vector.name);
  for (const vector of vectors("responses"))
    if (!same(reader.response(bytesOf(vector)), ownReader.response(bytesOf(vector)))) throw differs(vector.name);
}

/** With every field of all four SIP messages made: a view would only compare where they stand. */
function plain(exchanged: Exchanged): Exchanged {
  return { ...exchanged, messages: exchanged.messages.map((message) => settled(message)) };
}

/** Equal whatever the order of the keys. */
function same(one: object, other: object): boolean {
  return isDeepStrictEqual({ ...one }, { ...other });
}

function vectors(file: string): readonly Vector[] {
  const path = new URL(`../../protocol/vectors/scaip/${file}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as readonly Vector[];
}
