/** A modem that is told which network to use (3GPP 27.007 7.3), before a network that has a choice and one that has none. */
import { expect, test } from "vitest";
import { Stand } from "./modem-stand.ts";

/** A network that lets a modem in `afterMs` after it was asked for by its code, where it has that code at all. */
function build(codes: readonly string[], afterMs = 1_500) {
  const stand = new Stand();
  const asked: (string | undefined)[] = [];
  const select = (plmn: string | undefined): void => {
    asked.push(plmn);
    stand.bearer.change({ registered: "searching", plmn: "" });
    const found = plmn === undefined ? codes[0] : codes.find((code) => code === plmn);
    if (found === undefined) return;
    stand.queue.after(afterMs, () =>
      stand.bearer.change({ registered: found === codes[0] ? "home" : "roaming", plmn: found }),
    );
  };
  Object.assign(stand.bearer, { select });
  stand.ask("ATE0;+COPS=3,2\r");
  return { stand, asked };
}

test("a network that is asked for by its code is waited for, and told as chosen", () => {
  const { stand, asked } = build(["24001", "24002"]);
  expect(stand.ask('AT+COPS=4,2,"24002"\r')).toBe("\r\nOK\r\n");
  expect(asked).toEqual(["24002"]);
  expect(stand.ask("AT+COPS?\r")).toBe('\r\n+COPS: 1,2,"24002",7\r\n\r\nOK\r\n');
  expect(stand.ask("AT+COPS=0\r")).toBe("\r\nOK\r\n");
  expect(stand.ask("AT+COPS?\r")).toBe('\r\n+COPS: 0,2,"24001",7\r\n\r\nOK\r\n');
  expect(asked).toEqual(["24002", undefined]);
});

test("where that network is not to be had, mode 4 goes back to the best one after half a minute, and mode 1 does not", () => {
  for (const [mode, back] of [
    [4, [undefined]],
    [1, []],
  ] as const) {
    const { stand, asked } = build(["24001"]);
    expect(stand.ask(`AT+COPS=${mode},2,"24009"\r`)).toBe("");
    expect(stand.saidAfter(25_000)).toBe("\r\nERROR\r\n");
    expect(asked).toEqual(["24009", ...back]);
  }
});

test("a modem that starts anew takes the best network again, and asks nothing where it had no choice made", () => {
  const { stand, asked } = build(["24001", "24002"]);
  stand.peer.restart();
  stand.saidAfter(10_000);
  expect(asked).toEqual([]);
  stand.ask('ATE0;+COPS=4,2,"24002"\r');
  stand.peer.restart();
  stand.saidAfter(10_000);
  expect(asked).toEqual(["24002", undefined]);
});

test("before a network that gives no choice the command is refused", () => {
  const stand = new Stand();
  stand.ask("ATE0\r");
  expect(stand.ask('AT+COPS=4,2,"24002"\r')).toBe("\r\nERROR\r\n");
});
