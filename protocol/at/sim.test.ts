import fc from "fast-check";
import { expect, test } from "vitest";
import { anyLine } from "./arbitraries.ts";
import { iccidOf, iccidQuestions, simNewsOf, simWatch } from "./sim.ts";

test.each([
  ["+QCCID: 89462036051000000012", "89462036051000000012"],
  ["+QCCID: 8946203605100000001F", "8946203605100000001"],
  ["+ICCID: 8946203605100000001f", "8946203605100000001"],
  ['+CCID: "8946203605100000001"', "8946203605100000001"],
  ["894620360510000000", "894620360510000000"],
  ["+QCCID: 89462036051000000F", ""],
  ['+CRSM: 144,0,"986402635001000000FF"', "894620360510000000"],
  ['+CRSM: 144,0,"98640263500100000021"', "89462036051000000012"],
  ['+CRSM: 144,0,"986402635001000000F1"', "8946203605100000001"],
  ['+CRSM: 144,0,"9864026350010000 0F1"', ""],
  ['+CRSM: 144,0,"98640263500100000021FF"', ""],
  ["+CRSM: 106,130", ""],
  ['+CRSM: 148,4,""', ""],
  ["+QCCID: ", ""],
  ["+QCCID: 894620360510000000123", ""],
  ["+QCCID: 89462036051000000F12", ""],
  ["+CPIN: READY", ""],
  ["OK", ""],
])("%s is the card number %j", (line, iccid) => {
  expect(iccidOf(line)).toBe(iccid);
});

test.each([
  ["+QSIMSTAT: 1,0", "absent"],
  ["+UUSIMSTAT: 0", "absent"],
  ["+UUSIMSTAT: 1", "pin"],
  ["+UUSIMSTAT: 2", "puk"],
  ["+UUSIMSTAT: 4", "faulty"],
  ["+UUSIMSTAT: 6", "ready"],
  ["+SIMCARD: NOT AVAILABLE", "absent"],
  ["+CPIN: SIM REMOVED", "absent"],
])("%s says that the card is %s", (line, sim) => {
  expect(simNewsOf(line)).toEqual({ type: "sim", sim });
});

test.each(["+QSIMSTAT: 1,1", "+QSIMSTAT: 1,2", "+QSIMSTAT:", "+UUSIMSTAT: 5", "+UUSIMSTAT: 99", "+CPIN: READY", "RDY"])(
  "%s says nothing of a card that comes or goes",
  (line) => {
    expect(simNewsOf(line)).toBeUndefined();
  },
);

test("every dialect has its own question, and behind it the card's own file", () => {
  const asked = ["quectel", "simcom", "ublox", "ublox-profile"].map((name) =>
    iccidQuestions(name).map(({ text, prefix }) => [text, prefix]),
  );
  const file = ["AT+CRSM=176,12258,0,0,10", "+CRSM:"];
  expect(asked).toEqual([
    [["AT+QCCID", "+QCCID:"], file],
    [["AT+CICCID", "+ICCID:"], file],
    [["AT+CCID", "+CCID:"], file],
    [["AT+CCID", "+CCID:"], file],
  ]);
  for (const name of ["quectel", "simcom", "ublox"]) expect(simWatch(name)).toHaveLength(1);
});

test("no line breaks them, and a card number is digits alone", () => {
  fc.assert(
    fc.property(anyLine, (line) => {
      const iccid = iccidOf(line);
      if (iccid !== "") expect(iccid).toMatch(/^\d{18,20}$/);
      simNewsOf(line);
    }),
  );
});
