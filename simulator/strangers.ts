/**
 * Strangers near the homes of a group: one who overhears messages and answers them with forged acceptances, and one in each
 * home's air who plays radio packets again. Neither knows a key; nobody may ever believe them.
 */
import { encodeResponse } from "../protocol/scaip/response.ts";
import { encodeSip } from "../protocol/sip/message.ts";
import type { Air, AirDevice } from "./air/air.ts";
import type { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { type Attachment, type Network, perfectAccess } from "./network/network.ts";
import type { ReceiverEvent } from "./peers/receiver-events.ts";
import type { Resident } from "./residents.ts";
import type { Scenario } from "./scenario/scenario.ts";
import type { StrangerFault, StrangerScenarioFault } from "./scenario/stranger-fault.ts";

/** In the range for tests between networks (RFC 2544), which no unit and no receiver has. */
const strangerHost = "198.18.0.66";
const sipPort = 5060;
/** Quick enough to be there while the unit still waits. */
const forgeAfter = { leastMs: 50, mostMs: 900 };
const replayAfter = { leastMs: 1_000, mostMs: 3_600_000 };
/** Of the packets overheard; more would jam the air that it wants to be heard in. */
const replayPpm = 300_000;
/** Packets that wait for their second turn in one home. */
const keptLimit = 256;

export interface StrangerOptions {
  readonly queue: EventQueue;
  readonly network: Network;
  readonly air: Air;
  readonly seed: number;
  readonly realm: string;
  readonly residents: readonly Resident[];
  readonly scenario: Pick<Scenario, "world">;
}

export class Strangers {
  private readonly options: StrangerOptions;
  private readonly byCid: ReadonlyMap<string, Resident>;
  private readonly byHome: ReadonlyMap<string, Resident>;
  /** `forged u` while that is so. */
  private readonly active: Set<string>;
  private readonly players: Map<string, { readonly device: AirDevice; readonly chance: Stream; kept: number }>;
  private readonly chance: Stream;
  private place: Attachment | undefined;
  private forgedCount: number;

  constructor(options: StrangerOptions) {
    this.options = options;
    this.byCid = new Map(options.residents.map((resident) => [resident.cid, resident]));
    this.byHome = new Map(options.residents.map((resident) => [resident.name, resident]));
    this.active = new Set();
    this.players = new Map();
    this.chance = new Stream(options.seed, "forger", 0);
    this.place = undefined;
    this.forgedCount = 0;
  }

  plan({ name, fault, fromMs, toMs }: StrangerScenarioFault): void {
    const { queue } = this.options;
    queue.at(fromMs, () => this.active.add(`${fault} ${name}`));
    queue.at(toMs, () => this.active.delete(`${fault} ${name}`));
  }

  /** A message has come to that receiver from `from` ("10.0.0.1:5060"). */
  overheard(receiver: number, { cid, ref, from }: Pick<ReceiverEvent, "cid" | "ref" | "from">): void {
    const resident = this.byCid.get(cid);
    if (resident === undefined || ref === "") return;
    const host = from.slice(0, from.lastIndexOf(":"));
    if (this.meddles("forged", resident)) this.forgeSoon(cid, ref, host, strangerHost);
    const other = this.meddles("borrowed", resident) ? this.otherHost(resident, receiver) : undefined;
    if (other !== undefined) this.forgeSoon(cid, ref, host, other);
  }

  /** A device of a home has sent a packet. */
  overheardOnAir(sender: AirDevice, bytes: Uint8Array): void {
    const resident = this.byHome.get(sender.home);
    if (resident === undefined || !this.meddles("replayed", resident)) return;
    const player = this.playerIn(sender, resident);
    if (player.device === sender || player.kept >= keptLimit || !player.chance.chance(replayPpm)) return;
    const taken = bytes.slice();
    player.kept++;
    this.options.queue.after(player.chance.between(replayAfter.leastMs, replayAfter.mostMs), () => {
      player.kept--;
      this.options.air.transmit(player.device, taken, () => {});
    });
  }

  private meddles(fault: StrangerFault, { group }: Resident): boolean {
    return this.active.has(`${fault} ${group.name}`);
  }

  private playerIn(
    sender: AirDevice,
    { name, index }: Resident,
  ): {
    readonly device: AirDevice;
    readonly chance: Stream;
    kept: number;
  } {
    let player = this.players.get(name);
    if (player === undefined) {
      const { air, seed } = this.options;
      const device = air.join({ name: `stranger at ${name}`, building: sender.building, home: name });
      player = { device, chance: new Stream(seed, "replayer", index), kept: 0 };
      this.players.set(name, player);
    }
    return player;
  }

  /** Of a receiver of that home on another host than the one that was asked. */
  private otherHost({ group }: Resident, asked: number): string | undefined {
    const { receivers } = this.options.scenario.world;
    const host = receivers[asked]?.host;
    return receivers.find((each) => each.host !== host && group.receivers.includes(each.name))?.host;
  }

  private forgeSoon(cid: string, ref: string, host: string, claimed: string): void {
    const afterMs = this.chance.between(forgeAfter.leastMs, forgeAfter.mostMs);
    this.options.queue.after(afterMs, () => this.forge(cid, ref, host, claimed));
  }

  private forge(cid: string, ref: string, host: string, claimed: string): void {
    const { network, realm } = this.options;
    this.place ??= network.attach(strangerHost, perfectAccess, () => {});
    const number = ++this.forgedCount;
    const params: { readonly name: string; readonly value: string | undefined }[] = [];
    const message = encodeSip({
      kind: "request",
      method: "MESSAGE",
      uri: `sip:${cid}@${host}:${sipPort}`,
      via: [
        {
          transport: "UDP",
          host: claimed,
          port: sipPort,
          branch: `z9hG4bKforged${number}`,
          received: undefined,
          rport: 0,
          params,
        },
      ],
      maxForwards: 70,
      from: { display: undefined, uri: `sip:larm@${realm}`, tag: `f${number}`, params },
      to: { display: undefined, uri: `sip:${cid}@${realm}`, tag: undefined, params },
      callId: `forged${number}@${strangerHost}`,
      cseq: 1,
      cseqMethod: "MESSAGE",
      contentType: "application/scaip+xml",
      headers: [],
      body: encodeResponse({ ref, snu: 0 }),
    });
    this.place.send(message, sipPort, { host, port: sipPort }, claimed);
  }
}
