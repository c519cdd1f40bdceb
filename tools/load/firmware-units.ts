/**
 * Whole units under load: the firmware of unit and button, each with a socket of its own, and fingers that press in turn. A
 * press waits for the button's radio, the unit's flash and its rounds over all paths, as it does in a home. A further press on
 * an accepted alarm is an update for two hours, so a unit that was pressed makes room for a new one on its account.
 */
import type { HomeNews, LiveHome, LiveHomeOptions } from "../../simulator/live/live-home.ts";
import { openLiveHome } from "../../simulator/live/live-home.ts";
import type { LoadUnits } from "./load-units.ts";
import type { Tally } from "./tally.ts";

export interface FirmwareOptions {
  /** Of the first unit; the account numbers of the others count on from its own. */
  readonly home: Omit<LiveHomeOptions, "onNews" | "onDropped">;
  readonly units: number;
  /** A press that is not accepted after this time is lost; the unit itself goes on with it. */
  readonly patienceMs: number;
  readonly tally: Tally;
}

/** Opened at once; each is a socket and a start of the firmware. */
const openedAtOnce = 16;
/** What a unit and its receiver say to each other before the first press. */
const settleMs = 2_000;

/** Rejects with a ListenError where a port cannot be had; none is open then. */
export async function openFirmwareUnits(options: FirmwareOptions): Promise<FirmwareUnits> {
  const units = new FirmwareUnits(options);
  try {
    for (let opened = 0; opened < options.units; opened += openedAtOnce)
      await units.openSome(Math.min(openedAtOnce, options.units - opened));
  } catch (thrown) {
    units.close();
    throw thrown;
  }
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  return units;
}

/** One account: its unit, and the press of it whose fate is open. */
interface Place {
  readonly cid: string;
  /** Undefined while it is being switched on. */
  home: LiveHome | undefined;
  /** NaN: none. */
  pressedMs: number;
  /** Of the report that this press raised; "" before it did. */
  stem: string;
  carried: boolean;
}

export class FirmwareUnits implements LoadUnits {
  private readonly options: FirmwareOptions;
  private readonly places: Place[];
  private next: number;
  private open: number;
  private closed: boolean;

  constructor(options: FirmwareOptions) {
    this.options = options;
    this.places = [];
    this.next = 0;
    this.open = 0;
    this.closed = false;
  }

  get openCount(): number {
    return this.open;
  }

  async openSome(count: number): Promise<void> {
    const first = Number(this.options.home.settings.cid) + this.places.length;
    await Promise.all(Array.from({ length: count }, (_, index) => this.openOne(String(first + index))));
  }

  /** The next unit that is at rest is pressed. */
  send(): void {
    const place = this.atRest();
    if (place?.home === undefined) {
      this.options.tally.count("unsent");
      return;
    }
    place.pressedMs = performance.now();
    place.stem = "";
    place.carried = false;
    this.open++;
    this.options.tally.count("sent");
    place.home.pressAt(0);
  }

  tick(): void {
    const endMs = performance.now() - this.options.patienceMs;
    for (const place of this.places) if (place.pressedMs < endMs) this.end(place, "lost");
  }

  close(): void {
    this.closed = true;
    for (const place of this.places) {
      if (!Number.isNaN(place.pressedMs)) this.end(place, "lost");
      place.home?.close();
    }
  }

  private atRest(): Place | undefined {
    for (let passed = 0; passed < this.places.length; passed++) {
      const place = this.places[this.next++ % this.places.length];
      if (place?.home !== undefined && Number.isNaN(place.pressedMs)) return place;
    }
    return undefined;
  }

  private async openOne(cid: string): Promise<void> {
    const place: Place = { cid, home: undefined, pressedMs: Number.NaN, stem: "", carried: false };
    this.places.push(place);
    await this.switchOn(place);
  }

  private async switchOn(place: Place): Promise<void> {
    const { home } = this.options;
    const opened = await openLiveHome({
      ...home,
      settings: { ...home.settings, cid: place.cid },
      onNews: (news) => this.hear(place, news),
      onDropped: () => {},
    });
    if (this.closed) opened.close();
    else place.home = opened;
  }

  private hear(place: Place, news: HomeNews): void {
    if (news.type !== "report" || !news.news.ofPress || Number.isNaN(place.pressedMs)) return;
    const { type, stem, attempt } = news.news;
    if (place.stem === "") place.stem = stem;
    if (stem !== place.stem) return;
    const waitMs = performance.now() - place.pressedMs;
    if (type === "sent" && attempt !== 1) this.options.tally.count("again");
    if (type === "carried" && !place.carried) {
      place.carried = true;
      this.options.tally.carried(waitMs);
    }
    if (type === "accepted") {
      this.options.tally.accepted(waitMs);
      this.end(place);
    }
  }

  private end(place: Place, word?: "lost"): void {
    place.pressedMs = Number.NaN;
    this.open--;
    if (word !== undefined) this.options.tally.count(word);
    place.home?.close();
    place.home = undefined;
    // An account whose port cannot be had again stays empty: the others are pressed in its place.
    if (!this.closed) this.switchOn(place).catch(() => {});
  }
}
