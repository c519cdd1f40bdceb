import { expect, test } from "vitest";
import { receiverLimit, routesOf, settingsFault, type UnitSettings } from "./settings.ts";

const receiver = {
  uri: "sip:arc@larm.example.net",
  host: "203.0.113.9",
  port: 5060,
  user: "",
  password: "",
  answerFrom: [],
};

const good: UnitSettings = {
  cid: "4607110231",
  domain: "larm.example.net",
  policy: "mobile-first",
  receivers: [receiver],
  localPort: 5060,
  modem: { apn: "internet", user: "", password: "", pin: "" },
  staggerMs: 5_000,
  bonds: [],
};

test("a policy names its routes, first choice first", () => {
  expect(routesOf("mobile-first")).toEqual(["mobile", "broadband"]);
  expect(routesOf("broadband-first")).toEqual(["broadband", "mobile"]);
  expect(routesOf("mobile-only")).toEqual(["mobile"]);
  expect(routesOf("broadband-only")).toEqual(["broadband"]);
});

test("settings within their bounds have no fault", () => {
  const goods: Partial<UnitSettings>[] = [
    {},
    { cid: "1" },
    { cid: "1234567890123456" },
    { receivers: new Array(receiverLimit).fill(receiver) },
    { staggerMs: 1 },
    { staggerMs: 20_000 },
    { provenWithinS: 180 },
    { provenWithinS: 90_000 },
    { localPort: 0 },
    { localPort: 65_535 },
  ];
  for (const change of goods) expect(settingsFault({ ...good, ...change })).toBeUndefined();
});

test("settings beyond their bounds say in words which one is wrong", () => {
  const bads: [Partial<UnitSettings>, string][] = [
    [{ cid: "" }, "larmkod"],
    [{ cid: "12345678901234567" }, "larmkod"],
    [{ cid: "46071 10231" }, "larmkod"],
    [{ cid: "46071102a" }, "larmkod"],
    [{ domain: "" }, "domain"],
    [{ policy: "" as never }, "policy"],
    [{ receivers: [] }, "receivers"],
    [{ receivers: new Array(receiverLimit + 1).fill(receiver) }, "receivers"],
    [{ receivers: [{ ...receiver, uri: "" }] }, "receiver 1"],
    [{ receivers: [receiver, { ...receiver, host: "" }] }, "receiver 2"],
    [{ receivers: [{ ...receiver, port: -1 }] }, "receiver 1"],
    [{ receivers: [{ ...receiver, port: 65_536 }] }, "receiver 1"],
    [{ sms: { number: "+46701234567", key: undefined } }, "key"],
    [{ sms: { number: "0701234567", key: new Uint8Array(16) } }, "number"],
    [{ modem: { ...good.modem, dialect: "hayes" } }, "hayes"],
    [{ modem: { ...good.modem, operators: ["alfa"] } }, "alfa"],
    [{ localPort: -1 }, "port"],
    [{ localPort: 65_536 }, "port"],
    [{ staggerMs: 0 }, "stagger"],
    [{ staggerMs: 20_001 }, "stagger"],
    [{ staggerMs: 2.5 }, "stagger"],
    [{ provenWithinS: 179 }, "proven"],
    [{ provenWithinS: 90_001 }, "proven"],
  ];
  for (const [change, word] of bads) expect(settingsFault({ ...good, ...change })).toContain(word);
});
