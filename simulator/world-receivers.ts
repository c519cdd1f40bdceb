/** The receivers of a scenario, each on its host, and what goes wrong with them. */
import type { Endpoint } from "../firmware/ports/socket.ts";
import type { Digest } from "./core/digest.ts";
import type { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { SimClock } from "./core/sim-clock.ts";
import { isHit } from "./network/fault-share.ts";
import { type Network, perfectAccess, routeOfAddress, unitOfAddress } from "./network/network.ts";
import { TcpStack } from "./network/sim-tcp.ts";
import { tcpPorts } from "./network/tcp-connection.ts";
import { Receiver } from "./peers/receiver.ts";
import { ReceiverStreams } from "./peers/receiver-streams.ts";
import type { ReceiverTransport } from "./peers/receiver-transactions.ts";
import type { Witness } from "./record/witness.ts";
import type { ScenarioFault } from "./scenario/fault.ts";
import type { Scenario, ScenarioReceiver } from "./scenario/scenario.ts";
import type { Telephony } from "./telephony.ts";
import { planShifts } from "./world-shifts.ts";

/** Where accounts of receivers are, and the one that all units share there. */
export const realm = "larm.example";
export const sharedUser = "livlina";
export const sharedPassword = "prov-larm";

/** Longer in long runs: what is counted at the end must still stand there. */
const usualCaseKeepMs = 14 * 86_400_000;

export interface ReceiverSurroundings {
  readonly queue: EventQueue;
  readonly network: Network;
  readonly digest: Digest;
  readonly witness: Required<Witness>;
  readonly telephony: Telephony;
  readonly seed: number;
  readonly startWallMs: number;
  readonly durationMs: number;
}

/** One receiver on its host, with everything that comes to it and leaves it seen. */
export function buildReceiver(around: ReceiverSurroundings, options: ScenarioReceiver, index: number): Receiver {
  const { queue, network, digest, witness, telephony, seed, startWallMs, durationMs } = around;
  const clock = new SimClock(queue);
  const chance = new Stream(seed, "receiver", index);
  const lane = digest.lane(`receiver ${options.name}`);
  const address = { host: options.host, port: options.port };
  const { transport, certificate } = options;
  const streams = new ReceiverStreams({
    port: options.port,
    certificate: transport === "tls" ? { name: options.hostName ?? options.host, state: certificate } : undefined,
    admits: (from) => receiver.admits(from),
    onMessage: (bytes, from, over) => hear(bytes, from, over),
  });
  const hear = (bytes: Uint8Array, from: Endpoint, over: ReceiverTransport): void => {
    witness.packet(queue.nowMs, index, "received", bytes, from, over);
    receiver.receive(bytes, from, over);
  };
  const tcp = new TcpStack({
    nowMs: () => queue.nowMs,
    after: (delayMs, callback) => clock.after(delayMs, callback),
    send: (bytes, fromPort, to) => place.send(bytes, fromPort, to),
  });
  tcp.listen(streams.listener);
  const place = network.attach(options.host, perfectAccess, (bytes, from, toPort) => {
    lane.bytes(queue.nowMs, "received", bytes);
    if (toPort >= tcpPorts) tcp.hear(bytes, from, toPort);
    else hear(bytes, from, "udp");
  });
  if (options.hostName !== undefined) network.name(options.hostName, options.host);
  const receiver: Receiver = new Receiver(
    {
      nowMs: () => queue.nowMs,
      wallMs: () => startWallMs + queue.nowMs,
      after: (delayMs, callback) => clock.after(delayMs, callback),
      below: (n) => chance.below(n),
      send: (bytes, to, over) => {
        lane.bytes(queue.nowMs, "sent", bytes);
        witness.packet(queue.nowMs, index, "sent", bytes, to, over);
        if (over === "udp") place.send(bytes, options.port, to);
        else streams.send(bytes, to);
      },
    },
    {
      name: options.name,
      address,
      mode: options.mode,
      latencyMs: { least: options.latency.leastMs, most: options.latency.mostMs },
      digest: options.digest ? { user: sharedUser, password: sharedPassword, realm } : undefined,
      capacity: options.capacity,
      ...(options.heartbeatMin === undefined ? {} : { heartbeatMin: options.heartbeatMin, heartbeatUnasked: true }),
      ours: () => true,
      caseKeepMs: Math.max(usualCaseKeepMs, durationMs),
      onEvent: (event) => witness.receiverTold(queue.nowMs, index, event),
      ...telephony.receiverOptions(options, (part, what) => lane.effect(queue.nowMs, part, what)),
      onSign: (sign) => witness.receiverSigned(queue.nowMs, index, sign),
    },
  );
  staffByShifts(around, options, receiver);
  return receiver;
}

function staffByShifts(
  { queue, startWallMs, telephony }: ReceiverSurroundings,
  options: ScenarioReceiver,
  receiver: Receiver,
): void {
  if (options.operators === undefined) return;
  planShifts(queue, startWallMs, options.operators, (count) => {
    receiver.operators?.setCount(count);
    telephony.desk(options.name).staff(count);
  });
}

export type ReceiverFault = Extract<ScenarioFault, { readonly object: "receiver" }>;

/** `receiver` behaves so from the fault's first to its last millisecond, and then as usual again. */
export function planReceiverFault(
  queue: EventQueue,
  scenario: Scenario,
  receivers: readonly Receiver[],
  seed: number,
  fault: ReceiverFault,
): void {
  const turn = turnOf(scenario, receivers, seed, fault);
  queue.at(fault.fromMs, () => turn(true));
  if (fault.toMs < scenario.durationMs) queue.at(fault.toMs, () => turn(false));
}

/** What makes the receiver behave so, or as usual again. */
export function turnOf(
  { world }: Scenario,
  receivers: readonly Receiver[],
  seed: number,
  fault: ReceiverFault,
): (on: boolean) => void {
  const index = world.receivers.findIndex(({ name }) => name === fault.name);
  const receiver = receivers[index] as Receiver;
  const usual = world.receivers[index]?.mode ?? "normal";
  if (fault.fault === "loaded") {
    const { messagesPerThousandSeconds } = fault;
    return (on) => receiver.work.load(on ? messagesPerThousandSeconds : undefined);
  }
  const { over, share, fault: mode } = fault;
  const meetsIt = ({ host }: Endpoint): boolean =>
    (over === undefined || routeOfAddress(host) === over) && isHit(fault, seed, unitOfAddress(host));
  return (on) => {
    if (over === undefined && share === undefined) receiver.setMode(on ? mode : usual);
    else receiver.setModeFor(meetsIt, on ? mode : undefined);
  };
}
