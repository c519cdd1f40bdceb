/**
 * The telephones of a world: one telephone network for all modems, one net for the sound of SIP calls, and the people who
 * are called: operators at receivers, and whoever has the numbers that homes call where no receiver accepts.
 */
import type { VoiceSettings } from "../firmware/voice/voice-settings.ts";
import type { EventQueue } from "./core/event-queue.ts";
import { SimClock } from "./core/sim-clock.ts";
import { MediaNet, MediaPart } from "./house/media-part.ts";
import { isMobileAlone, MobileDesk } from "./house/mobile-desk.ts";
import type { Note } from "./house/notes.ts";
import { Exchange, Operator, type OperatorHabits } from "./house/phone-exchange.ts";
import type { OperatorsOptions } from "./peers/operators.ts";
import type { CallNews } from "./peers/receiver-events.ts";
import { readBody } from "./peers/receiver-intake.ts";
import type { TakenMessage } from "./peers/receiver-mirror.ts";
import type { ReceiverOptions } from "./peers/receiver-options.ts";
import type { Witness } from "./record/witness.ts";
import type { Resident } from "./residents.ts";
import type { Scenario, ScenarioReceiver } from "./scenario/scenario.ts";

/** A unit's telephones: where the sound of its SIP calls goes, and its number in the telephone network. */
export interface HomeTelephones {
  readonly sip: MediaNet | undefined;
  readonly mobile: { readonly exchange: Exchange; readonly number: string } | undefined;
}

/** Who has the number of a relative, or that of last resort, is a person who takes the call and confirms it, or a machine. */
const person: OperatorHabits = { answersAfterMs: 5_000, talksMs: 30_000, key: "0", keyAfterMs: 5_000 };
const voicemail: OperatorHabits = { answersAfterMs: 15_000, talksMs: 60_000, key: "" };

export class Telephony {
  readonly exchange: Exchange;
  readonly net: MediaNet;
  /** Told of each step of each call over SIP between a unit and a receiver's operators. */
  onCall: (receiver: string, news: CallNews) => void;
  private readonly clock: SimClock;
  private readonly residents: readonly Resident[];
  /** By name of the receiver, and by number. */
  private readonly desks: Map<string, MobileDesk>;
  private readonly people: Map<string, Operator>;
  /** By address: receivers may share a host. */
  private readonly sounds: Map<string, MediaPart>;

  constructor(queue: EventQueue, scenario: Scenario, residents: readonly Resident[], witness: Witness) {
    this.clock = new SimClock(queue);
    this.exchange = new Exchange(this.clock);
    const byNumber = new Map(residents.map(({ index }) => [numberOfHome(index), index]));
    this.exchange.onNews = (news) => {
      const caller = byNumber.get(news.from);
      const called = byNumber.get(news.to);
      if (caller !== undefined) witness.telephoned?.(queue.nowMs, caller, "outgoing", news);
      if (called !== undefined) witness.telephoned?.(queue.nowMs, called, "incoming", news);
    };
    this.net = new MediaNet();
    this.onCall = () => {};
    this.residents = residents;
    this.desks = new Map();
    this.people = new Map();
    this.sounds = new Map();
    for (const [index, { name, operators }] of scenario.world.receivers.entries())
      if (operators !== undefined) this.desks.set(name, this.deskOf(numberOfReceiver(index), operators));
    const machines = new Set(scenario.fleet.flatMap(({ telephone }) => telephone?.voicemail ?? []));
    for (const { telephone } of scenario.fleet)
      for (const number of [telephone?.fallbackNumber ?? "", ...(telephone?.relatives ?? [])])
        this.settle(number, machines.has(number) ? voicemail : person);
  }

  /** Operators of that receiver who are called by telephone. Throws where it has none. */
  desk(receiver: string): MobileDesk {
    const desk = this.desks.get(receiver);
    if (desk === undefined) throw new Error(`telephony: nobody can be called at ${receiver}`);
    return desk;
  }

  /** Whoever has that number. Throws where no home calls it. */
  person(number: string): Operator {
    const person = this.people.get(number);
    if (person === undefined) throw new Error(`telephony: nobody has the number ${number}`);
    return person;
  }

  /** Whether the operators at that address hear a home over SIP now. */
  hearsAt(host: string): boolean {
    return this.sounds.get(host)?.hears ?? false;
  }

  /** What a receiver needs to speak with units. */
  receiverOptions(options: ScenarioReceiver, note: Note): Pick<ReceiverOptions, "voice" | "operators" | "onTaken"> {
    const desk = this.desks.get(options.name);
    return {
      voice: options.call,
      operators: this.operatorsOf(options, note),
      onTaken: desk === undefined ? undefined : (message) => this.taken(message, options, desk),
    };
  }

  telephonesOf({ index, group }: Resident): HomeTelephones | undefined {
    const { telephone } = group;
    if (telephone === undefined) return undefined;
    const hasNumber = telephone.mobile !== "none";
    return {
      sip: telephone.sip ? this.net : undefined,
      mobile: hasNumber ? { exchange: this.exchange, number: numberOfHome(index) } : undefined,
    };
  }

  /** As provisioning would write it; undefined for a home without telephones. */
  settingsOf({ group }: Resident, receivers: readonly ScenarioReceiver[]): VoiceSettings | undefined {
    const { telephone } = group;
    if (telephone === undefined) return undefined;
    const receiverNumbers = group.receivers.map((name) =>
      this.desks.has(name) ? numberOfReceiver(receivers.findIndex((one) => one.name === name)) : "",
    );
    const { mobile, fallbackNumber, relatives } = telephone;
    return { allowedNumbers: [], receiverNumbers, fallbackNumber, relatives, mobileCalls: mobile };
  }

  private deskOf(number: string, operators: NonNullable<ScenarioReceiver["operators"]>): MobileDesk {
    const { count, shifts, voice, talkMs } = operators;
    const most = Math.max(count, ...shifts.map((shift) => shift.count));
    const desk = new MobileDesk({ clock: this.clock, exchange: this.exchange, number, count: most, voice, talkMs });
    desk.staff(count);
    return desk;
  }

  private settle(number: string, habits: OperatorHabits): void {
    if (number === "" || this.people.has(number)) return;
    this.people.set(number, new Operator(this.clock, this.exchange, number, habits));
  }

  private operatorsOf({ name, host, operators }: ScenarioReceiver, note: Note): OperatorsOptions | undefined {
    if (operators === undefined) return undefined;
    const { count, voice, talkMs } = operators;
    return {
      count,
      mode: voice,
      talkMs,
      openMedia: this.soundAt(host, note).open,
      onCall: (news) => {
        note("operators", news);
        this.onCall(name, news);
      },
    };
  }

  private soundAt(host: string, note: Note): MediaPart {
    const known = this.sounds.get(host);
    if (known !== undefined) return known;
    const sound = new MediaPart({ queue: this.clock.queue, note, net: this.net, host });
    this.sounds.set(host, sound);
    return sound;
  }

  /** Over SIP the receiver's own operators keep its promise. */
  private taken({ body, snu }: TakenMessage, { call, latency }: ScenarioReceiver, desk: MobileDesk): void {
    if (snu !== 0 || call === undefined || call.mre === 0 || call.cre > 60) return;
    const intake = readBody(body);
    if (intake.type !== "request" || (intake.request.mty ?? "ME") !== "ME") return;
    const home = this.residents.find(({ cid }) => cid === intake.request.cid);
    if (home !== undefined && isMobileAlone(intake.request.crd)) desk.promise(numberOfHome(home.index), latency.mostMs);
  }
}

/** Numbers that nobody has: those of homes in the order of the fleet, those of receivers in that of the file. */
function numberOfHome(index: number): string {
  return `+4670${1_000_000 + index}`;
}

function numberOfReceiver(index: number): string {
  return `+468${500_000 + index}`;
}
