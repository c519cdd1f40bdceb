import fc from "fast-check";
import { expect, test } from "vitest";
import { clockOf, commonFactOf, errorNumberOf, fieldsOf, generationOf, numberOf, simFaultOf } from "./answers.ts";
import { anyLine } from "./arbitraries.ts";

test("no line makes the parser throw", () => {
  fc.assert(
    fc.property(anyLine, (line) => {
      commonFactOf(line);
      fieldsOf(line);
      errorNumberOf(line);
      clockOf(line, true);
    }),
    { numRuns: 1_000 },
  );
});

test("fields are split at commas outside quotes, and lose quotes and blanks", () => {
  expect(fieldsOf('+COPS: 0,0,"Tele2, SE",7')).toEqual(["0", "0", "Tele2, SE", "7"]);
  expect(fieldsOf("+X:  1 , 2,")).toEqual(["1", "2", ""]);
  expect(fieldsOf('+X: "open')).toEqual(["open"]);
  expect(fieldsOf("")).toEqual([""]);
});

test("a number is digits only, nine at most", () => {
  expect([numberOf("0"), numberOf("999999999"), numberOf("1234567890")]).toEqual([0, 999_999_999, -1]);
  expect([numberOf(""), numberOf("-1"), numberOf("1a"), numberOf(undefined)]).toEqual([-1, -1, -1, -1]);
});

test("a registration means the same whether asked for or told unasked", () => {
  const home = { type: "registration", domain: "packet", registration: "home", generation: "4g" };
  expect(commonFactOf("+CEREG: 1")).toEqual(home);
  expect(commonFactOf("+CEREG: 2,1")).toEqual(home);
  expect(commonFactOf('+CEREG: 1,"1A2B","01C4D201",7')).toEqual(home);
  expect(commonFactOf('+CEREG: 2,1,"1A2B","01C4D201",7')).toEqual(home);
  expect(commonFactOf("+CEREG: 2, 1")).toEqual(home);
  const roaming = { type: "registration", domain: "circuit", registration: "roaming", generation: "2g" };
  expect(commonFactOf('+CREG: 2,5,"1A2B","C4D2",0')).toEqual(roaming);
  expect(commonFactOf('+CREG: 5,"1A2B","C4D2",3')).toEqual(roaming);
  for (const [stat, registration] of Object.entries({
    0: "none",
    2: "searching",
    3: "denied",
    4: "none",
    6: "home",
    7: "roaming",
  }))
    expect(commonFactOf(`+CREG: ${stat}`)).toMatchObject({ registration });
  expect(commonFactOf("+CREG: 9")).toBeUndefined();
  expect(commonFactOf("+CREG: x,y")).toBeUndefined();
});

test("signal, operator and SIM are read; what is beyond the scale is unknown", () => {
  expect(commonFactOf("+CSQ: 20,99")).toEqual({ type: "signal", signal: 20 });
  expect(commonFactOf("+CSQ: 31,0")).toEqual({ type: "signal", signal: 31 });
  expect(commonFactOf("+CSQ: 32,0")).toEqual({ type: "signal", signal: 99 });
  expect(commonFactOf("+CSQ: ,0")).toBeUndefined();
  expect(commonFactOf('+COPS: 0,0,"Nord",7')).toEqual({ type: "operator", operator: "Nord", generation: "4g" });
  expect(commonFactOf("+COPS: 0")).toEqual({ type: "operator", operator: "", generation: "unknown" });
  const sims = { READY: "ready", "SIM PIN": "pin", "SIM PUK": "puk", "NOT INSERTED": "absent", "PH-NET PIN": "faulty" };
  for (const [text, sim] of Object.entries(sims)) expect(commonFactOf(`+CPIN: ${text}`)).toEqual({ type: "sim", sim });
});

test("the access technologies of 27.007 are told apart by generation", () => {
  const names = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -1].map(generationOf);
  expect(names).toEqual(["2g", "2g", "3g", "2g", "3g", "3g", "3g", "4g", "4g", "4g", "unknown", "unknown"]);
});

test("errors carry their number, or 0 where it is text", () => {
  expect([
    errorNumberOf("+CME ERROR: 10"),
    errorNumberOf("+CMS ERROR: 500"),
    errorNumberOf("+CME ERROR: no SIM"),
  ]).toEqual([10, 500, 0]);
  expect(errorNumberOf("ERROR")).toBe(-1);
  expect([10, 11, 12, 13, 15, 17, 18].map(simFaultOf)).toEqual([
    "absent",
    "pin",
    "puk",
    "faulty",
    "faulty",
    "pin",
    "puk",
  ]);
  expect([14, 0, 30, 100].map(simFaultOf)).toEqual([undefined, undefined, undefined, undefined]);
});

test("a clock is the calendar's, with its zone taken off where it is local", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2020, 0, 1) / 1000, max: Date.UTC(2069, 11, 31) / 1000 }),
      fc.integer({ min: -48, max: 56 }),
      (seconds, zone) => {
        const local = new Date((seconds + zone * 900) * 1000).toISOString();
        fc.pre(local >= "2020" && local < "2070");
        const text = `${local.substring(2, 4)}/${local.substring(5, 7)}/${local.substring(8, 10)},${local.substring(11, 19)}`;
        const sign = zone < 0 ? "-" : "+";
        const line = `+CCLK: "${text}${sign}${String(Math.abs(zone)).padStart(2, "0")}"`;
        expect(clockOf(line, true)).toEqual({ type: "clock", wallMs: seconds * 1000 });
      },
    ),
  );
});

test("a clock that was never set, or is none, says nothing", () => {
  expect(clockOf('+CCLK: "80/01/06,00:00:09+00"', true)).toBeUndefined();
  expect(clockOf('+QLTS: ""', false)).toBeUndefined();
  expect(clockOf('+QLTS: "2026/13/02,06:10:05+04,0"', false)).toBeUndefined();
  expect(clockOf('+QLTS: "2026/03/02,24:10:05+04,0"', false)).toBeUndefined();
  expect(clockOf('+QLTS: "2026/03/02"', false)).toBeUndefined();
  expect(clockOf('+CCLK: "26/03/02,06:10:05+97"', true)).toBeUndefined();
  expect(clockOf('+CCLK: "26/03/02,06:10:05"', true)).toBeUndefined();
  expect(clockOf('+CCLK: "26/03/02,06:10:05+96"', true)).toEqual({
    type: "clock",
    wallMs: Date.UTC(2026, 2, 1, 6, 10, 5),
  });
});
