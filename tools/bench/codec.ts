/** Bench `codec`: one alarm's whole exchange, with our reading of XML and with two public libraries in its place. */
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { bytesPerRun } from "./allocation.ts";
import { documents, exchange, ownReader, type XmlReader } from "./exchange.ts";
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
  return {
    bench: "codec",
    missing: found.filter(({ reader }) => reader === undefined).map(({ name }) => name),
    exchange: rows(readers, (reader, turn) => exchange(reader, turn).response.snu, timing),
    documents: rows(readers, (reader, turn) => documents(reader, turn).response.snu, timing),
  };
}

export function codecTables(result: CodecBench): Table[] {
  const columns = ["", "median/s", "min/s", "max/s", "takes", "bytes each"];
  const shown = (rows: readonly Row[]): string[][] => [
    ...rows.map((row) => [
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
      rows: shown(result.exchange),
    },
    { title: "its SCAIP request and response alone", columns, rows: shown(result.documents) },
  ];
}

function rows(readers: readonly XmlReader[], once: (reader: XmlReader, turn: number) => number, timing: Timing): Row[] {
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
  if (!isDeepStrictEqual(exchange(reader, 7), exchange(ownReader, 7))) throw differs("the exchange");
  const bytesOf = (vector: Vector): Uint8Array => new TextEncoder().encode(vector.xml);
  for (const vector of vectors("requests"))
    if (!same(reader.request(bytesOf(vector)), ownReader.request(bytesOf(vector)))) throw differs(vector.name);
  for (const vector of vectors("responses"))
    if (!same(reader.response(bytesOf(vector)), ownReader.response(bytesOf(vector)))) throw differs(vector.name);
}

/** Equal whatever the order of the keys. */
function same(one: object, other: object): boolean {
  return isDeepStrictEqual({ ...one }, { ...other });
}

function vectors(file: string): readonly Vector[] {
  const path = new URL(`../../protocol/vectors/scaip/${file}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as readonly Vector[];
}
