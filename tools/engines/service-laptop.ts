/** Service people's laptop on the unit's service line, with every order there is, one after the other. */
import type { UnitHost } from "../../firmware/ports/host.ts";
import { departmentDefaults, type UnitSettings } from "../../firmware/settings.ts";
import { encodeSettings } from "../../firmware/storage/settings-codec.ts";
import { crc32 } from "../../protocol/bytes/crc.ts";
import { type ConsoleOrder, settingsPieceLength } from "../../protocol/console/orders.ts";
import { Stream } from "../../simulator/core/prng.ts";
import { ServiceTool } from "../../simulator/house/service-tool.ts";

export const serviceKey: Uint8Array = new Uint8Array(16).fill(0x3c);
const firstMs = 30_000;
const apartMs = 4_000;

export function withServiceLaptop(host: UnitHost): UnitHost {
  const { clock } = host;
  const tool = new ServiceTool({
    queue: {
      get nowMs() {
        return clock.nowMs();
      },
    },
    key: serviceKey,
    chance: new Stream(1, "service laptop", 0),
    onBytes: () => {},
  });
  // What starts anew for the new settings is met without a laptop.
  if (host.starts?.cause === "power-on")
    orders.forEach((order, index) => {
      const give = (): void => (index === 0 ? tool.give(order, () => {}) : tool.giveNext(order, () => {}));
      clock.after(firstMs + index * apartMs, give);
    });
  return { ...host, openServiceLine: tool.openLine(clock) };
}

const added: UnitSettings = {
  cid: "4607110299",
  domain: "larm.example",
  policy: "broadband-first",
  receivers: [
    {
      uri: "sip:larm@larm.example",
      host: "192.0.2.10",
      port: 5060,
      user: "larm",
      password: "prov",
      answerFrom: ["192.0.2.10"],
    },
  ],
  localPort: 5060,
  modem: { apn: "larm", user: "", password: "", pin: "" },
  staggerMs: 4_000,
  bonds: [],
  departments: departmentDefaults,
  serviceKey,
};

function upload(settings: UnitSettings): ConsoleOrder[] {
  const bytes = encodeSettings(settings);
  if (bytes === undefined) throw new Error("laptop: settings that cannot be written down");
  const pieces: ConsoleOrder[] = [];
  for (let at = 0; at < bytes.length; at += settingsPieceLength)
    pieces.push({ type: "settings-put", at, bytes: bytes.subarray(at, at + settingsPieceLength) });
  const crc = crc32(bytes, 0, bytes.length, 0);
  return [{ type: "settings-begin", length: bytes.length, crc }, ...pieces, { type: "settings-end" }];
}

const orders: readonly ConsoleOrder[] = [
  { type: "state" },
  { type: "devices", from: 0 },
  { type: "settings-state" },
  { type: "settings-get", at: 0 },
  { type: "log-read", from: 0, count: 8 },
  { type: "reasons" },
  { type: "sheet" },
  { type: "query" },
  { type: "test-mode", mode: "on" },
  { type: "test-mode", mode: "off" },
  { type: "path-test" },
  { type: "self-check" },
  {
    type: "pair",
    address: new Uint8Array([1, 2, 3, 4]),
    label: new Uint8Array(16),
    person: 1,
    form: "wrist",
    where: "hall",
  },
  { type: "pair-end" },
  { type: "range-walk", place: 0, where: "hall" },
  { type: "range-now" },
  { type: "range-end" },
  { type: "revoke", place: 9 },
  { type: "maintenance", from: 1_768_370_000, to: 1_768_373_600 },
  { type: "battery-replaced" },
  { type: "press-ask" },
  { type: "life", life: "suspended" },
  { type: "life", life: "in-service" },
  { type: "flash", forced: "no" },
  ...upload(added),
  { type: "settings-state" },
  { type: "restart" },
];
