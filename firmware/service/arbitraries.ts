/** A home for the tests of orders: every department notes what it is told, and says what the test has it say. */
import { expect } from "vitest";
import { decodeEvent, encodeEvent } from "../../protocol/console/messages.ts";
import type { OrderEvent } from "../../protocol/console/orders.ts";
import { EventQueue } from "../../simulator/core/event-queue.ts";
import { SimClock } from "../../simulator/core/sim-clock.ts";
import type { LifeRefusal } from "../household/life-states.ts";
import type { DeviceStatus } from "../pairing/radio-department.ts";
import type { WalkingPlace } from "../pairing/range-walk.ts";
import type { ReceiverAddress } from "../sip/receiver-address.ts";
import type { ServiceOrder } from "./service-desk.ts";
import { type OrderTargets, UnitOrders } from "./unit-orders.ts";

export const wrist: DeviceStatus = {
  place: 3,
  did: "0102030A",
  person: 1,
  form: "wrist",
  where: "sovrum",
  verified: false,
  revoked: false,
  missing: false,
  low: false,
  batteryAtS: 0,
};

const receiver: ReceiverAddress = { uri: "sip:a", host: "a", port: 1, user: "", password: "", answerFrom: [] };

/** What a home of the bench is like. */
export interface Home {
  readonly devices?: readonly DeviceStatus[];
  readonly life?: LifeRefusal;
  readonly pair?: "no-place" | "slot-taken" | "stopped";
  readonly plan?: string;
  readonly walking?: WalkingPlace;
  readonly isPairing?: boolean;
  readonly links?: "ready" | "no-path";
  readonly absent?: Partial<Record<"radio" | "power" | "trial" | "starts" | "checks", boolean>>;
}

type Act = (...words: unknown[]) => void;
function radioOf(home: Home, act: Act): OrderTargets["radio"] {
  return {
    pair: (device) => {
      act("pair", device.address, device.label.length, device.person, device.form, device.where);
      return home.pair;
    },
    revoke: (place) => {
      act("revoke", place);
      return place === 3 ? "no-button" : "unknown";
    },
    devices: () => home.devices ?? [wrist],
    unverified: () => [0, 9, 31],
    warnedPersons: () => [1, 32],
    walkedPlaces: () => [
      { where: "kök", bond: 3, presses: 200, marginDb: 130, passed: true, atS: 0 },
      { where: "hall", bond: 3, presses: 2, marginDb: -4, passed: false, atS: 0 },
      { where: "balkong", bond: 3, presses: 0, marginDb: undefined, passed: false, atS: 0 },
    ],
    rangeWalk: {
      goTo: (place, where) => act("walk", place, where),
      end: () => act("walk over"),
      present: () => home.walking,
    },
    pairing: { isOpen: home.isPairing === true, stop: () => act("window shut") },
  };
}

/** Orders of a home whose departments note what they are told. */
export function bench(home: Home = {}) {
  const queue = new EventQueue();
  const acts: string[] = [];
  const said: OrderEvent[] = [];
  const act: Act = (...words) => void acts.push(words.join(" "));
  const targets: OrderTargets = {
    clock: new SimClock(queue),
    receivers: [receiver, { ...receiver, transport: "tls" }, { ...receiver, transport: "tcp" }],
    radio: home.absent?.radio ? undefined : radioOf(home, act),
    household: {
      life: { name: "suspended" },
      sim: { iccid: "8946012345678901234F" },
      order: (to, authorised) => {
        act("life", to, authorised);
        return home.life;
      },
    },
    supervision: {
      testMode: { on: true, enter: () => act("test on"), leave: () => act("test off") },
      tests: { askForPress: () => act("ask") },
      faults: ["radio-deaf"],
      isProven: home.links !== undefined,
      checkNow: () => act("check"),
      query: (links) => act("query", links),
    },
    canCheck: home.absent?.checks !== true,
    power: home.absent?.power
      ? undefined
      : {
          mainsIsLost: true,
          batteryIsMissing: false,
          condition: { low: true, failed: false, old: true, checks: 0, fittedS: -1 },
          batteryReplaced: () => act("battery"),
          forecast: () => [
            { bond: -1, days: 20_000 },
            { bond: 3, days: 41 },
            { bond: 4, days: -1 },
          ],
        },
    uplink: { testPaths: () => act("paths") },
    links: () => home.links ?? "one-path-lost",
    maintenance: {
      plan: (window) => {
        act("plan", window.fromS, window.toS);
        return home.plan;
      },
    },
    trial: home.absent?.trial ? undefined : { staged: (version, isPending) => act("trial", version, isPending) },
    starts: home.absent?.starts ? undefined : { restart: (cause) => act("restart", cause) },
    tell: (event) => {
      expect(decodeEvent(encodeEvent(event))).toEqual({ ok: true, value: event });
      said.push(event);
    },
  };
  const orders = new UnitOrders(targets);
  return { orders, acts, said, queue, give: (order: ServiceOrder) => orders.carryOut(order, 7) };
}
