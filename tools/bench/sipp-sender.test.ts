import { expect, test } from "vitest";
import { readSent } from "./sipp-sender.ts";

/** As SIPp 3.6 leaves its last screen on a dumb terminal, and a shell its times. */
const screen = [
  "                                 Messages  Retrans   Timeout   Unexpected-Msg",
  "     MESSAGE ---------->         2000      3         0                         ",
  "         200 <----------         2000      0         0         0               ",
  "  Call Rate              |    0.000 cps              | 1000.000 cps             ",
  "  Successful call        |        0                  |     1999                 ",
  "0m0.000000s 0m0.000000s",
  "0m0.250000s 1m0.050000s",
  "",
].join("\n");

test("what SIPp sent, sent again and ended well is read from its last screen, its processor time from the shell", () => {
  expect(readSent(screen, 2_000)).toEqual({ done: 1_999, again: 3, tookMs: 2_000, cpuUs: 60_300_000 });
});

test("a SIPp that did not send all, or did not run, has done nothing", () => {
  expect(readSent(screen, 2_001)).toMatchObject({ done: 0 });
  expect(readSent("sh: 1: sipp: not found\n", 10)).toMatchObject({ done: 0, cpuUs: 0 });
});
