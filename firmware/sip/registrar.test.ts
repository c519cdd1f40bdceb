import { expect, test } from "vitest";
import { contactText } from "../../protocol/sip/contact.ts";
import { contactOf, instanceOf, Registrar } from "./registrar.ts";
import { HandClock } from "./test-bench.ts";

test.each([
  ["sip:4607110231@larm.example.net", "4a5332c3-3ac0-3022-8340-f029a15b6896"],
  ["sip:0@a.se", "15eb05b1-86b4-3608-a01d-38c2f782c2be"],
  ["sip:1@a.se", "3af112d3-a184-3826-988f-1b17f78bf2c8"],
  ["sip:2@a.se", "8b37d777-776d-3342-b90e-c8ce7c846f8f"],
  ["sip:3@a.se", "415efc64-a4a7-3b4a-923b-d565669efce8"],
])("RFC 9562 5.3: the device's name for %s is that of any other maker of such UUIDs", (aor, uuid) => {
  expect(instanceOf(aor)).toBe("urn:uuid:" + uuid);
});

test("a Contact names the own address, the transport but for UDP, the device and the route", () => {
  const text = (host: string, transport: "udp" | "tls"): string =>
    contactText(contactOf("sip:46@a.se", "46", { host, port: 5070 }, transport, 2, 600));
  const rest = `;+sip.instance="<${instanceOf("sip:46@a.se")}>";reg-id=2;expires=600`;
  expect(text("192.0.2.7", "udp")).toBe("<sip:46@192.0.2.7:5070>" + rest);
  expect(text("2001:db8::7", "tls")).toBe("<sip:46@[2001:db8::7]:5070;transport=tls>" + rest);
});

test("what becomes of a REGISTER decides whether it is the newest, asked for anew, or waited for", () => {
  const clock = new HandClock();
  const done: string[] = [];
  const registrar = new Registrar({
    clock,
    dice: 3,
    onRegister: (expiresS) => done.push(`register ${expiresS}`),
    onRelease: () => done.push("release"),
    onTookOver: () => done.push("took-over"),
  });
  const hear = (outcome: Parameters<Registrar["hear"]>[0]["outcome"], retryAfterS?: number): void =>
    registrar.hear({ receiver: 0, outcome, retryAfterS }, false);
  registrar.linked(true);
  registrar.wanted(false);
  hear({ type: "too-brief", leastS: 1_800 });
  hear({ type: "bound", expiresS: 1_800, isOutbound: false, flowTimerS: undefined });
  expect(done.splice(0)).toEqual(["register 600", "register 1800", "took-over", "release"]);
  registrar.overtaken();
  registrar.wanted(false);
  hear({ type: "refused", status: 503 }, 90);
  registrar.wanted(false);
  clock.runTo(90_000);
  registrar.wanted(false);
  hear(undefined);
  expect(done).toEqual(["register 1800", "release", "release", "register 1800", "release"]);
});
