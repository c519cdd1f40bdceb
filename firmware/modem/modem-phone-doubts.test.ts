/** The telephone where what a modem says, or does not say, could mean two things. */
import { expect, test } from "vitest";
import { quectel } from "../../protocol/at/quectel.ts";
import { PhoneDesk } from "./phone-bench.ts";

const okay = "\r\nOK\r\n";

/** Says OK to everything but the list, which has `calls`, until nothing is said. */
function serve(desk: PhoneDesk, calls: string): string[] {
  const all: string[] = [];
  for (let said = desk.said(0); said !== ""; said = desk.said(0)) {
    all.push(said.trim());
    desk.hear((said === "AT+CLCC\r" && calls !== "" ? `\r\n+CLCC: ${calls}\r\n` : "") + okay);
  }
  return all;
}

function ready(): PhoneDesk {
  const desk = new PhoneDesk();
  desk.begin(quectel);
  serve(desk, "");
  return desk;
}

function talking(): PhoneDesk {
  const desk = ready();
  desk.phone.dial("+4681000", "duplex");
  serve(desk, "");
  desk.clock.runFor(1_000);
  serve(desk, "1,0,0,0,0");
  expect(desk.told).toEqual(["answered"]);
  return desk;
}

test("a list that was asked for before it rang says nothing of the ring", () => {
  const desk = new PhoneDesk();
  desk.begin(quectel);
  for (let said = desk.said(0); said !== "AT+CLCC\r"; said = desk.said(0)) desk.hear(okay);
  desk.hear("\r\nRING\r\n");
  desk.hear(okay);
  expect(desk.told).toEqual([]);
  desk.hear('\r\n+CLIP: "+4681000",145\r\n');
  expect(desk.told).toEqual(["incoming +4681000"]);
});

test("an order to dial that was on the line when the modem was lost is not given twice", () => {
  const desk = ready();
  desk.phone.dial("112", "duplex");
  for (let said = desk.said(0); said !== "ATD112;\r"; said = desk.said(0)) desk.hear(okay);
  desk.lose();
  desk.clock.runFor(5_000);
  desk.begin(quectel);
  expect(serve(desk, "1,0,0,0,0").filter((said) => said.startsWith("ATD"))).toEqual([]);
  expect(desk.told).toEqual(["answered"]);
  const untaken = ready();
  untaken.phone.dial("112", "duplex");
  for (let said = untaken.said(0); said !== "ATD112;\r"; said = untaken.said(0)) untaken.hear(okay);
  untaken.lose();
  untaken.begin(quectel);
  serve(untaken, "");
  expect(untaken.told).toEqual(["ended failed"]);
});

test("a second caller whom the list alone shows hears busy, once for each list", () => {
  const desk = talking();
  desk.hear("\r\nRING\r\n");
  expect(desk.said(0)).toBe("AT+CLCC\r");
  desk.hear("\r\n+CLCC: 1,0,0,0,0\r\n\r\n+CLCC: 2,1,5,0,0\r\n" + okay);
  expect(serve(desk, "1,0,0,0,0")).toEqual(["AT+CHLD=0"]);
  desk.hear('\r\n+CCWA: "+4687654321",145,1\r\n');
  expect(serve(desk, "1,0,0,0,0")).toEqual(["AT+CHLD=0"]);
  expect(desk.told).toEqual(["answered"]);
});

test("a caller who comes while the unit dials hears busy, and the dialling goes on", () => {
  const desk = ready();
  desk.phone.dial("112", "duplex");
  serve(desk, "");
  desk.hear("\r\nRING\r\n");
  expect(desk.said(0)).toBe("AT+CLCC\r");
  desk.hear("\r\n+CLCC: 1,0,3,0,0\r\n\r\n+CLCC: 2,1,5,0,0\r\n" + okay);
  expect(desk.said(0)).toBe("AT+CHLD=0\r");
  desk.hear(okay);
  desk.clock.runFor(1_000);
  serve(desk, "1,0,0,0,0");
  expect(desk.told).toEqual(["answered"]);
});

test("a modem that says that it has started has no call, and needs no asking", () => {
  const up = talking();
  up.phone.hear({ type: "started" });
  expect([up.told, up.busy]).toEqual([
    ["answered", "ended lost"],
    [true, false],
  ]);
  const dialling = ready();
  dialling.phone.dial("112", "duplex");
  dialling.phone.hear({ type: "powered-down" });
  expect(dialling.told).toEqual(["ended failed"]);
  const ending = talking();
  ending.phone.hangUp();
  ending.phone.hear({ type: "started" });
  expect([ending.told, ending.busy]).toEqual([["answered"], [true, false]]);
});

test("a caller who rings before a failed call was told waits for his next ring", () => {
  const desk = ready();
  desk.phone.dial("none", "duplex");
  desk.hear('\r\nRING\r\n\r\n+CLIP: "",128\r\n');
  expect(desk.told).toEqual([]);
  desk.clock.runFor(100);
  expect(desk.told).toEqual(["ended failed"]);
  desk.hear('\r\nRING\r\n\r\n+CLIP: "",128\r\n');
  expect(desk.told).toEqual(["ended failed", "incoming "]);
});

test("a modem that lists nothing because it cannot has lost no call", () => {
  const desk = talking();
  for (let turn = 0; turn < 4; turn++) {
    expect(desk.said(121_000)).toBe("AT+CLCC\r");
    desk.hear("\r\nERROR\r\n");
  }
  expect(desk.told).toEqual(["answered"]);
});

test("whoever rings while the last call ends is a new caller, unless he was just refused", () => {
  const desk = ready();
  desk.phone.dial("112", "duplex");
  serve(desk, "");
  desk.hear("\r\nBUSY\r\n");
  expect(serve(desk, "1,1,4,0,0")).toEqual(["AT+CLCC"]);
  expect(desk.busy).toEqual([true, false]);
  desk.hear('\r\nRING\r\n\r\n+CLIP: "+4681000",145\r\n');
  expect(desk.told).toEqual(["ended busy", "incoming +4681000"]);
  desk.phone.hangUp();
  expect(desk.said(0)).toBe("AT+CHUP\r");
  desk.hear("\r\nERROR\r\n");
  expect(desk.said(0)).toBe("ATH\r");
  desk.hear("\r\nERROR\r\n");
  expect(serve(desk, "1,1,4,0,0").slice(0, 2)).toEqual(["AT+CLCC", "AT+CHUP"]);
});
