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
    '"dnsgip"',
    "DATA",
    "LEN",
    "RECV EVENT",
    "0.0.0.0",
    '"192.0.2.9"',
    "192.0.2.9:5060",
    "2",
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
  "+CGPADDR: ",
  "+CIPOPEN: ",
  "+CIPRXGET: ",
  "+CIPSEND: ",
  "+IPADDR: ",
  "RECV FROM:",
  "+USOCR: ",
  "+USORF: ",
  "+UUSORF: ",
  "+UPSND: ",
  "+QSSLURC: ",
  "+QSSLOPEN: ",
  "+QSSLRECV: ",
  "+CCHOPEN: ",
  "+CCHEVENT: ",
  "+CCHRECV: ",
  "+CCHSEND: ",
  "+CDNSGIP: ",
  "+UUSOCO: ",
  "+USORD: ",
  "+USOWR: ",
  "+UDNSRN: ",
  "+CMTI: ",
  "+CMGL: ",
  "+CMGR: ",
  "+CMT: ",
  "+CLCC: ",
  "+CLIP: ",
  "+CRING: ",
  "+CCWA: ",
  "+UCALLSTAT: ",
  "+QTONEDET: ",
  "+RXDTMF: ",
  "+UUDTMFD: ",
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

const gsmLetters =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€\f";

/** Text of the GSM alphabet and its extension, of at most so many septets. */
export function anyGsmText(septetLimit: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...gsmLetters), maxLength: Math.floor(septetLimit / 2) });
}

/** A number with or without "+", or a sender's name. */
export const anySmsAddress: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(fc.boolean(), fc.string({ unit: fc.constantFrom(..."0123456789*#"), minLength: 1, maxLength: 20 }))
    .map(([plus, digits]) => (plus ? "+" : "") + digits),
  fc.string({ unit: fc.constantFrom(..."TeliaÅÄÖ "), minLength: 1, maxLength: 9 }).map((text) => `T${text}n`),
);

export const anyPart = fc.option(
  fc.record({
    reference: fc.integer({ min: 0, max: 255 }),
    count: fc.integer({ min: 1, max: 255 }),
    index: fc.integer({ min: 1, max: 255 }),
  }),
  { nil: undefined },
);
