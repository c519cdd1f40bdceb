import fc from "fast-check";
import { expect, test } from "vitest";
import { anyUri } from "./arbitraries.ts";
import type { Contact } from "./contact.ts";
import { contactsOf, contactText, grantedS, parseContact } from "./contact.ts";
import { answerWith } from "./test-messages.ts";

const unit: Contact = {
  display: undefined,
  uri: "sip:4607110231@198.51.100.23:5062",
  expiresS: 3600,
  instance: "urn:uuid:00000000-0000-1000-8000-000a95a0e128",
  regId: 1,
  params: [],
};
const unitText =
  '<sip:4607110231@198.51.100.23:5062>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000a95a0e128>"' +
  ";reg-id=1;expires=3600";

const token = fc.stringMatching(/^[A-Za-z0-9.!%*_+`'~-]{1,12}$/);
const anyContact: fc.Arbitrary<Contact> = fc.record({
  display: fc.option(fc.string({ unit: fc.constantFrom(...'åäö"\\<>;, A1') }), { nil: undefined }),
  uri: anyUri,
  expiresS: fc.option(fc.integer({ min: 0, max: 0xffffffff }), { nil: undefined }),
  instance: fc.option(
    token.map((name) => "urn:uuid:" + name),
    { nil: undefined },
  ),
  regId: fc.option(fc.integer({ min: 1, max: 0x7fffffff }), { nil: undefined }),
  params: fc.array(fc.record({ name: token.map((name) => "x" + name), value: fc.option(token, { nil: undefined }) }), {
    maxLength: 3,
  }),
});

test("RFC 5626 4.2: the golden Contact of one flow is written byte for byte, and read back", () => {
  expect(contactText(unit)).toBe(unitText);
  expect(parseContact(unitText)).toEqual(unit);
});

test("RFC 3261 20.10: the example's two Contacts are read", () => {
  const watson =
    'Contact: "Mr. Watson" <sip:watson@worcester.bell-telephone.com>\r\n ;q=0.7; expires=3600,\r\n' +
    ' "Mr. Watson" <mailto:watson@bell-telephone.com> ;q=0.1';
  const contact = { display: "Mr. Watson", instance: undefined, regId: undefined };
  expect(contactsOf(answerWith([watson]))).toEqual({
    ok: true,
    value: [
      {
        ...contact,
        uri: "sip:watson@worcester.bell-telephone.com",
        expiresS: 3600,
        params: [{ name: "q", value: "0.7" }],
      },
      {
        ...contact,
        uri: "mailto:watson@bell-telephone.com",
        expiresS: undefined,
        params: [{ name: "q", value: "0.1" }],
      },
    ],
  });
});

test("every Contact survives being written and read, alone and in a list", () => {
  fc.assert(
    fc.property(fc.array(anyContact, { maxLength: 4 }), (contacts) => {
      const texts = contacts.map(contactText);
      for (const [i, text] of texts.entries()) expect(parseContact(text)).toEqual(contacts[i]);
      const message = { ...answerWith([]), headers: [{ name: "Contact", value: texts.join(", ") }] };
      expect(contactsOf(message)).toEqual({ ok: true, value: contacts });
    }),
    { numRuns: 300 },
  );
});

test("a lifetime that cannot be read is an hour; a flow or device that cannot be read, or is there twice, is refused", () => {
  for (const value of ["x", "4294967296", "1.5"])
    expect(parseContact("<sip:a@b>;expires=" + value)?.expiresS).toBe(3600);
  expect(parseContact("<sip:a@b>;EXPIRES=60;Reg-ID=2")).toMatchObject({ expiresS: 60, regId: 2 });
  for (const params of [
    "expires=1;expires=1",
    "reg-id=0",
    "reg-id",
    "reg-id=2147483648",
    "reg-id=1;reg-id=1",
    "+sip.instance=urn:x",
    '+sip.instance="urn:x"',
    '+sip.instance="<>"',
    "+sip.instance=<urn:x>",
    '+sip.instance="<urn:x>"x',
    '+sip.instance="urn:x>"',
    '+sip.instance="<urn:x"',
    '+sip.instance="<urn:x>";+sip.instance="<urn:x>"',
  ])
    expect(parseContact("<sip:a@b>;" + params), params).toBeUndefined();
  expect(parseContact("<sip:a@b>;expires")?.expiresS).toBe(3600);
  expect(parseContact("<sip:a@b>;x=1;tag=2")?.params).toEqual([
    { name: "tag", value: "2" },
    { name: "x", value: "1" },
  ]);
  expect(parseContact(" <sip:a@b>")?.display).toBeUndefined();
  expect(parseContact('""<sip:a@b>')?.display).toBe("");
  for (const text of ["", "*", "<sip:a@b", "<>", "a b"]) expect(parseContact(text), text).toBeUndefined();
  expect(contactsOf(answerWith(["Contact: <sip:a@b>, *"]))).toMatchObject({ fault: { what: "Contact" } });
  expect(parseContact('<sip:a@b>;+sip.instance="<u>"')?.instance).toBe("u");
});

test("what a registrar grants is read from our own binding: by device and flow, whatever its URI has become", () => {
  const listed = unitText.replace("198.51.100.23:5062", "203.0.113.9").replace("urn:uuid", "URN:UUID");
  const granted = (...lines: string[]) => grantedS(answerWith(lines), unit);
  expect(granted("Contact: <sip:other@x>;expires=7, " + listed.replace("3600", "120"))).toBe(120);
  expect(granted("Contact: " + listed.replace("reg-id=1", "reg-id=2"))).toBeUndefined();
  expect(granted("Contact: " + listed.replace("a95a0e128", "a95a0e129"))).toBeUndefined();
  expect(granted()).toBeUndefined();
  expect(granted("Contact: " + listed.replace(";expires=3600", ""), "Expires: 90")).toBe(90);
  expect(granted("Contact: " + listed.replace(";expires=3600", ""))).toBe(3600);
  expect(granted('Contact: "')).toBeUndefined();
});

test("without a device name the URI tells the binding", () => {
  const plain = { ...unit, instance: undefined, regId: undefined };
  expect(grantedS(answerWith(["Contact: <sip:4607110231@198.51.100.23:5062>;expires=5"]), plain)).toBe(5);
  expect(grantedS(answerWith(["Contact: <sip:4607110231@198.51.100.23>;expires=5"]), plain)).toBeUndefined();
  expect(grantedS(answerWith(["Contact: <sip:4607110231@198.51.100.23:5062>;expires=5"]), unit)).toBe(5);
  const named = unitText.replace("198.51.100.23:5062", "203.0.113.9");
  expect(grantedS(answerWith(["Contact: " + named]), plain)).toBeUndefined();
  expect(grantedS(answerWith(["Contact: " + unitText]), { ...plain, regId: 9 })).toBe(3600);
});

test("no text makes the reader throw, and no cut of a Contact names another address", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'<>";=:@,\\ asip+0') }), (text) => void parseContact(text)),
  );
  fc.assert(
    fc.property(anyContact, fc.nat(), (contact, cut) => {
      const text = contactText(contact);
      const read = parseContact(text.substring(0, cut % text.length));
      expect([undefined, contact.uri]).toContain(read?.uri);
    }),
  );
});
