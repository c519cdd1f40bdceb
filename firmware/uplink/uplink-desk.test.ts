/** The desk with a far end of its own: whose loss is told, by which code, and under which name the unit speaks. */
import { expect, test } from "vitest";
import { decodeRequest } from "../../protocol/scaip/request.ts";
import { encodeResponse } from "../../protocol/scaip/response.ts";
import { decodeSip, encodeSip, type SipRequest } from "../../protocol/sip/message.ts";
import type { UnitHost } from "../ports/host.ts";
import type { Datagram, DatagramOptions, Endpoint, SocketFault } from "../ports/socket.ts";
import type { UnitSettings } from "../settings.ts";
import { incoming, primary, second } from "../sip/test-bench.ts";
import { ContextBench } from "../time/test-bench.ts";
import type { UnitContext } from "../unit-context.ts";
import { HandStream } from "./test-link.ts";
import { UplinkDesk } from "./uplink-desk.ts";
import type { UplinkEffect } from "./uplink-state.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const own: Endpoint = { host: "198.51.100.23", port: 5070 };
const reserve = { ...second, uri: "sip:reserv@larm.example.org", host: "198.51.100.9" };

const settings: UnitSettings = {
  cid: "4607110231",
  domain: "larm.example.net",
  policy: "broadband-only",
  receivers: [primary, reserve],
  localPort: 5070,
  modem: { apn: "internet", user: "", password: "", pin: "" },
  staggerMs: 5_000,
  bonds: [],
};

/** A unit's desk; receivers at their addresses answer each message of theirs at once, unless they are in `silent`. */
class DeskBench extends ContextBench {
  readonly silent: string[] = [];
  readonly requests: { readonly to: string; readonly request: SipRequest }[] = [];
  readonly faults: string[] = [];
  readonly desk: UplinkDesk;
  onStream: (stream: HandStream) => void = () => {};
  options: DatagramOptions | undefined;
  private readonly inbox: Datagram[] = [];
  private numbers = 0;
  private linked = false;

  constructor(policy: UnitSettings["policy"], receivers = settings.receivers) {
    super(undefined);
    this.desk = new UplinkDesk({
      context: this.watched(),
      host: this.host(),
      settings: { ...settings, policy, receivers },
      dice: 7,
      sender: { cid: settings.cid, prefix: "Q4T8A" },
      receiverOf: () => -1,
      beatNumber: () => ++this.numbers,
      onAlarm: () => {},
      onSignal: () => {},
      onAnswer: () => {},
      onTurnedAway: () => {},
      onPathsTested: () => {},
      openModem: () => undefined,
      log: () => {},
    });
    this.desk.open();
  }

  /** Status codes in the order told, each with the code that it ends and with what it says of itself. */
  told(): string[] {
    return this.raised
      .splice(0)
      .map(({ kind, dty, stc, restores, stt }) => `${kind} ${dty} ${stc} ${restores} ${stt}`.trim());
  }

  link(up: boolean, fault: SocketFault = "no-link"): void {
    this.linked = up;
    if (up) this.options?.onReady(own);
    else this.options?.onFault(fault);
  }

  /** This bench, with an ear for what the uplink calls a fault of a path. */
  private watched(): UnitContext {
    const { clock, wallClock, secrets, records } = this;
    return {
      clock,
      wallClock,
      secrets,
      records,
      observe: (_machine, _event, effects) => {
        for (const effect of effects as readonly UplinkEffect[])
          if (effect.type === "path-fault") this.faults.push(`receiver ${effect.receiver + 1} ${effect.why}`);
      },
      raise: (order) => this.raise(order),
      say: (phrase) => this.say(phrase),
    };
  }

  private host(): UnitHost {
    return {
      clock: this.clock,
      secrets: this.secrets,
      flash: {
        sectorSize: 0,
        sectorCount: 0,
        programUnit: 1,
        erase: () => false,
        program: () => false,
        read: () => {},
      },
      openRadio: () => ({ send: () => {}, listen: () => {}, read: () => undefined, close: () => {} }),
      openBroadband: (options) => {
        this.options = options;
        if (this.linked) this.hand.after(10, () => options.onReady(own));
        return { send: (bytes, to) => this.carried(bytes, to), read: () => this.inbox.shift(), close: () => {} };
      },
      openBroadbandStream: (options) => {
        const stream = new HandStream(options);
        this.hand.after(100, () => this.onStream(stream));
        return stream;
      },
      openModemLine: undefined,
      openServiceLine: undefined,
      signals: { show: () => {} },
      observe: undefined,
    };
  }

  private carried(bytes: Uint8Array, to: Endpoint): void {
    const decoded = decodeSip(bytes);
    if (!decoded.ok || decoded.value.kind !== "request") return;
    const request = decoded.value;
    this.requests.push({ to: to.host, request });
    if (this.silent.indexOf(to.host) < 0) this.hand.after(100, () => this.answer(request, to));
  }

  private answer(request: SipRequest, from: Endpoint): void {
    const { via, callId, cseq, cseqMethod } = request;
    const to = { ...request.to, tag: "p01" };
    const shared = { via, from: request.from, to, callId, cseq, cseqMethod, contentType: undefined, headers: [] };
    this.arrive(encodeSip({ kind: "response", status: 200, reason: "OK", ...shared, body: new Uint8Array(0) }), from);
    const asked = decodeRequest(request.body);
    if (!asked.ok) return;
    const body = encodeResponse({ ref: asked.value.ref, snu: 0 });
    const of = { display: undefined, uri: request.to.uri, tag: "z88", params: [] };
    const hop = { host: from.host, port: from.port, received: undefined, rport: 0, params: [] };
    const spoken = [{ transport: "UDP", branch: `z9hG4bKd${this.requests.length}`, ...hop }];
    this.arrive(encodeSip(incoming({ callId: `${callId}-answer`, via: spoken, from: of, body })), from);
  }

  private arrive(bytes: Uint8Array, from: Endpoint): void {
    this.inbox.push({ bytes, from });
    this.options?.onReadable(this.inbox.length);
  }
}

test("a receiver that falls silent is told of by its number, and so is its return", () => {
  const bench = new DeskBench("broadband-only");
  bench.link(true);
  bench.pass(2 * hourMs);
  expect(bench.told()).toEqual([]);
  bench.silent.push(reserve.host);
  bench.pass(2 * hourMs);
  expect(bench.told()).toEqual(["technical 32 73 -1 receiver 2"]);
  bench.silent.length = 0;
  bench.pass(2 * hourMs);
  expect(bench.told()).toEqual(["technical 32 75 73 receiver 2"]);
});

test("a broadband route that is lost is told as 0023 and back as 0112, spread over ten minutes", () => {
  const bench = new DeskBench("broadband-only");
  bench.link(true);
  bench.pass(hourMs);
  bench.link(false);
  bench.pass(10 * minuteMs);
  expect(bench.raised.map(({ spreadMs }) => spreadMs)).toEqual([600_000]);
  expect(bench.told()).toEqual(["technical 2 23 -1"]);
  bench.link(true);
  bench.pass(30 * minuteMs);
  expect(bench.told()).toEqual(["technical 2 112 23"]);
});

test("a mobile route that is not there is told as 0024 over the broadband that works", () => {
  const bench = new DeskBench("mobile-first");
  bench.link(true);
  bench.pass(30 * minuteMs);
  expect(bench.told()).toEqual(["technical 2 24 -1"]);
  expect(bench.desk.active).toBe("broadband");
});

test("a unit speaks under its account number, and each heartbeat is a PI with that number", () => {
  const bench = new DeskBench("broadband-only");
  bench.link(true);
  bench.pass(hourMs);
  expect(bench.requests.length).toBeGreaterThan(15);
  for (const { request } of bench.requests) {
    expect(request.from.uri).toBe("sip:4607110231@larm.example.net");
    const asked = decodeRequest(request.body);
    expect(asked.ok && asked.value).toMatchObject({ mty: "PI", cid: "4607110231" });
  }
});

test.each(["no-link", "no-address", "name-not-found"] as const)(
  "a route that has %s is a path with that fault",
  (fault) => {
    const bench = new DeskBench("broadband-only");
    bench.link(true);
    bench.pass(hourMs);
    expect(bench.faults).toEqual([]);
    bench.link(false, fault);
    bench.pass(10 * minuteMs);
    expect(bench.faults.length).toBeGreaterThan(2);
    expect(new Set(bench.faults)).toEqual(new Set([`receiver 1 ${fault}`, `receiver 2 ${fault}`]));
  },
);

test.each([
  ["an expired certificate", "technical 32 105 -1 certificate expired, receiver 1"],
  ["a wrong certificate", "technical 32 105 -1 certificate of receiver 1"],
])("%s is told of once a day", (what, told) => {
  const bench = new DeskBench("broadband-only", [{ ...primary, transport: "tls" }]);
  bench.onStream = ({ options }) =>
    what.startsWith("an") ? options.onReady(own, "expired") : options.onFault("certificate");
  bench.link(true);
  const days: string[][] = [];
  for (let day = 0; day < 3; day++) {
    bench.pass(24 * hourMs);
    days.push(bench.told().filter((one) => one.indexOf("certificate") >= 0));
  }
  expect(days).toEqual([[told], [told], [told]]);
  expect(told.substring("technical 32 105 -1 ".length).length).toBeLessThanOrEqual(32);
});

test("a receiver over UDP need not show who it is, one over TLS has to", () => {
  const bench = new DeskBench("broadband-only", [primary, { ...reserve, transport: "tls" }]);
  bench.link(true);
  expect([bench.desk.isAuthenticated(0), bench.desk.isAuthenticated(1)]).toEqual([false, true]);
});
