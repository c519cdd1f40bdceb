/** The faults that a unit recognises on its ways to a receiver: each holds at a press, and is over at a second one. */
import type { SmallWorld } from "../../simulator/play-bench.ts";
import { routes, type Story, story, unit } from "./story.ts";

const { both, mobile } = routes;

function fault(list: string, world: SmallWorld, what?: string): Story {
  const planned = {
    duration: "9m",
    home: both,
    receivers: ["primary", "secondary"] as const,
    faults: what === undefined ? [] : [`from: 2m, to: 6m, ${what}`],
    presses: ["at: 3m, press: u", "at: 7m, press: u, button: 2"],
  };
  return story({ ...planned, ...world }, [unit(`fault-${list}`)]);
}

export const faultStories: readonly Story[] = [
  fault("no-link", {}, "broadband: fibre, fault: down"),
  fault("no-address", { far: "transport: tcp" }, "broadband: fibre, fault: no-address"),
  fault("no-names", { far: "transport: tls, host-name: RECEIVER.example" }, "broadband: fibre, fault: no-names"),
  fault("no-data", { far: "transport: tls" }, "broadband: fibre, fault: no-data"),
  fault("connection-refused", { far: "transport: tcp" }, "receiver: primary, fault: refuse-connect, over: broadband"),
  fault("silent-connection", { far: "transport: tls" }, "receiver: primary, fault: silent-open, over: broadband"),
  fault("wrong-certificate", { far: "transport: tls", primaryMore: "certificate: foreign" }),
  fault("expired-certificate", { far: "transport: tls", primaryMore: "certificate: expired" }),
  fault("sip-silence", {}, "receiver: primary, fault: silent-open"),
  fault("sip-403", {}, "receiver: primary, fault: sip-403"),
  fault("sip-500", {}, "receiver: primary, fault: sip-500"),
  fault("sip-503", {}, "receiver: primary, fault: sip-503"),
  fault("refused-by-receiver", {}, "receiver: primary, fault: reject"),
  fault("busy-receiver", {}, "receiver: primary, fault: busy"),
  fault("held-by-receiver", {}, "receiver: primary, fault: hold"),
  fault("carried-not-accepted", {}, "receiver: primary, fault: silent-after-200"),
  fault("wrong-reference", {}, "receiver: primary, fault: wrong-ref"),
  fault("late-answer", {}, "receiver: primary, fault: late"),
  fault("two-answers", {}, "receiver: primary, fault: duplicate"),
  fault("mobile-down", { home: mobile, far: "transport: tls" }, "operator: alfa, fault: down"),
  fault("mobile-no-data", { home: mobile, far: "transport: tcp" }, "operator: alfa, fault: no-data"),
  fault("mobile-denied", { home: mobile }, "operator: alfa, fault: denied"),
  fault("mobile-stale", { home: mobile }, "operator: alfa, fault: stale-sessions"),
  fault("frozen-modem", { home: mobile }, "unit: u, fault: frozen-modem"),
  fault("receivers-gone", { receivers: ["primary"] }, "receiver: primary, fault: refuse-connect"),
  fault("replayed-frames", {}, "strangers: u, fault: replayed"),
];
