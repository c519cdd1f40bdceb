import { expect, test } from "vitest";
import { benchCodec, codecTables, showEqual } from "./codec.ts";
import { exchange, ownReader } from "./exchange.ts";
import { tableText } from "./table.ts";
import { findLibraries } from "./xml-libraries.ts";

/** Time passes by the look: a look is as long as a round. */
let nowMs = 0;
const timing = {
  rounds: 3,
  roundMs: 20,
  nowMs: () => {
    nowMs += 20;
    return nowMs;
  },
};
const missing = async (name: string): Promise<never> => {
  throw Object.assign(new Error(`Cannot find package '${name}'`), { code: "ERR_MODULE_NOT_FOUND" });
};

test("an exchange ends with the receiver's acceptance of that very alarm, over four messages", () => {
  const { messages, request, response } = exchange(ownReader, 12345);
  expect(messages.map((message) => (message.kind === "request" ? message.method : message.status))).toEqual([
    "MESSAGE",
    200,
    "MESSAGE",
    200,
  ]);
  expect(request).toMatchObject({ ref: "Q4T8A0012345", cid: "4607110231", dte: "Armband vänster" });
  expect(response).toMatchObject({ ref: "Q4T8A0012345", snu: 0 });
});

test("libraries that are not installed are named, and any other failure is not hidden", async () => {
  const libraries = await findLibraries(missing);
  const result = await benchCodec(timing, libraries);
  expect(result.missing).toEqual(["saxes", "fast-xml-parser"]);
  for (const rows of [result.exchange, result.documents])
    expect(rows).toMatchObject([{ name: "livlina", ratio: expect.any(Number), bytes: expect.any(Number) }]);
  for (const floor of [result.floors.exchange, result.floors.documents])
    expect(floor).toMatchObject({ name: "bytes alone", ratio: expect.any(Number), bytes: expect.any(Number) });
  expect(codecTables(result).map(tableText).join("")).toMatch(/ {2}saxes +not installed\n/);
  await expect(findLibraries(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

test("a reader that reads one field otherwise is never timed", async () => {
  const forgetful = { ...ownReader, name: "forgetful" };
  expect(() => showEqual(forgetful)).not.toThrow();
  const wrong = { ...forgetful, request: (bytes: Uint8Array) => ({ ...ownReader.request(bytes), lco: 3 }) };
  expect(() => showEqual(wrong)).toThrow("forgetful reads another value");
  const hasty = {
    ...forgetful,
    request: (bytes: Uint8Array) => {
      const request = ownReader.request(bytes);
      return request.lge === undefined ? request : { ...request, lge: {} };
    },
  };
  expect(() => showEqual(hasty)).toThrow("forgetful reads another value");
  await expect(benchCodec(timing, [{ name: "wrong", reader: wrong }])).rejects.toThrow("reads another value");
});

test("the libraries, where they are installed, read every golden document as we do", async () => {
  for (const { name, reader } of await findLibraries()) {
    if (reader !== undefined) showEqual(reader);
    expect(["saxes", "fast-xml-parser"]).toContain(name);
  }
});
