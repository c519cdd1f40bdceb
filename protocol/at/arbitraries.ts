/** Lines of a modem, sound and damaged, for property tests. */
import fc from "fast-check";

const anyField = fc.oneof(
  fc.integer({ min: -3, max: 70_000 }).map(String),
  fc.string({ maxLength: 8 }),
  fc.constantFrom(
    '"recv"',
    '"pdpdeact"',
    '"closed"',
    '"csq"',
    '"',
    "",
    " 1",
    "READY",
    "SIM PIN",
    '"2026/03/02,06:10:05+04"',
  ),
);
const anyHead = fc.constantFrom(
  "+CSQ: ",
  "+CREG: ",
  "+CEREG:",
  "+COPS: ",
  "+CPIN: ",
  "+CCLK: ",
  "+QLTS: ",
  "+CME ERROR: ",
  "+QIURC: ",
  "+QIOPEN: ",
  "+QIRD: ",
  "+QIACT: ",
  "+QIND: ",
  "+CTZE: ",
);

/** Any text a line can hold, often nearly a known line. */
export const anyLine: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(anyHead, fc.array(anyField, { maxLength: 6 })).map(([head, fields]) => head + fields.join(",")),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom("OK", "ERROR", "RDY", "POWERED DOWN", "SEND OK", "SEND FAIL", "NO CARRIER") },
);
