/** The lists of the page: figures, waiting alarms, what was done, what the monitor says. */
import type { Counts, Deed, DoneDeed, Frame, Notice, Story, Waiting } from "../messages.ts";
import type { Texts } from "../texts/english.ts";
import { timeText, tookText } from "./clock.ts";
import { button, element, Kept, section, setText } from "./dom.ts";

/** Waiting alarms that are listed; the count stands above them. */
const mostListed = 12;

export interface Around {
  readonly texts: Texts;
  readonly startWallMs: number;
  readonly open: (unit: string) => void;
}

const everywhere = ["waiting", "presses", "accepted", "unheard"] as const;
/** Of what lives elsewhere nobody knows these. */
const known = ["noPath", "onePathLost", "off"] as const;

export class Tiles {
  readonly place: HTMLElement;
  private readonly values: ReadonlyMap<string, HTMLElement>;

  constructor({ texts }: Around, { units, mode }: Story) {
    const names = [...everywhere, ...(mode === "played" ? known : []), "units"] as const;
    const count = String(units.length);
    const values = names.map((name) => [name, element("strong", {}, name === "units" ? count : "0")] as const);
    this.values = new Map(values);
    this.place = element(
      "ul",
      { class: "tiles" },
      ...values.map(([name, value]) => element("li", {}, value, texts.counts[name])),
    );
  }

  show(counts: Counts): void {
    for (const [name, value] of this.values) if (name !== "units") setText(value, String(counts[name as keyof Counts]));
    for (const name of ["waiting", "unheard", "noPath"] as const)
      this.values.get(name)?.parentElement?.classList.toggle("bad", counts[name] > 0);
  }
}

export class WaitingList {
  readonly place: HTMLElement;
  private readonly around: Around;
  private readonly body: HTMLElement;
  private rows: { readonly key: string; readonly row: HTMLElement; readonly cells: readonly HTMLElement[] }[];

  constructor(around: Around) {
    const { texts } = around;
    this.around = around;
    this.rows = [];
    this.body = element("div", { class: "wide" });
    this.place = section(texts.waiting, "waiting", this.body);
  }

  show({ atMs, waiting, counts }: Frame): void {
    const { texts, startWallMs, open } = this.around;
    const shown = waiting.slice(0, mostListed);
    const keys = shown.map(({ unit, button: which, pressedMs }) => `${unit} ${which} ${pressedMs}`);
    // Rows stay while their alarms wait, so that a button under somebody's finger does not go.
    if (keys.join() !== this.rows.map(({ key }) => key).join() || this.body.childElementCount === 0) {
      this.rows = shown.map((alarm, at) => this.rowOf(alarm, keys[at] ?? "", open));
      this.body.replaceChildren(this.rows.length === 0 ? element("p", {}, texts.waitingNone) : this.table());
    }
    shown.forEach((alarm, at) => {
      const cells = this.rows[at]?.cells ?? [];
      const values = [
        timeText(startWallMs + alarm.pressedMs),
        tookText(atMs - alarm.pressedMs, texts),
        texts.stages[alarm.at],
        String(alarm.attempts),
        alarm.told ? texts.yes : texts.no,
      ];
      for (const [index, value] of values.entries()) setText(cells[index] as HTMLElement, value);
      this.rows[at]?.row.classList.toggle("told", alarm.told);
    });
    const left = counts.waiting + counts.unheard - shown.length;
    const more = this.body.querySelector(".more");
    if (more !== null) setText(more, left > 0 ? texts.more(left) : "");
  }

  private rowOf({ unit }: Waiting, key: string, open: (unit: string) => void): WaitingList["rows"][number] {
    const cells = ["", "", "", "number", ""].map((name) => element("td", { class: name === "" ? false : name }));
    const head = element(
      "th",
      { scope: "row" },
      button(unit, () => open(unit), { class: "link" }),
    );
    return { key, row: element("tr", {}, head, ...cells), cells };
  }

  private table(): HTMLElement {
    const heads = Object.values(this.around.texts.waitingColumns).map((text) => element("th", { scope: "col" }, text));
    const rows = this.rows.map(({ row }) => row);
    const table = element(
      "table",
      {},
      element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...rows),
    );
    return element("div", {}, table, element("p", { class: "more" }));
  }
}

/** What was done by hand, and what the monitor said: lists that change seldom. */
export class Logs {
  readonly done: HTMLElement;
  readonly notices: HTMLElement;
  private readonly keptDone: Kept<readonly DoneDeed[]>;
  private readonly keptNotices: Kept<readonly Notice[]>;

  constructor({ texts, startWallMs }: Around) {
    const done = element("ol", { class: "log" });
    const notices = element("ol", { class: "log" });
    const doneNone = element("p", {}, texts.doneNone);
    const noticesNone = element("p", {}, texts.noticesNone);
    this.done = section(texts.done, "done", doneNone, done);
    this.notices = section(texts.notices, "notices", noticesNone, notices);
    const line = (atMs: number, text: string): HTMLElement =>
      element("li", {}, element("time", {}, timeText(startWallMs + atMs)), ` ${text}`);
    this.keptDone = new Kept((list) => {
      doneNone.hidden = list.length > 0;
      done.replaceChildren(
        ...list.map(({ atMs, toMs, deed }) => {
          const end = toMs === null ? "" : `, ${texts.until(timeText(startWallMs + toMs))}`;
          return line(atMs, `${deedText(deed, texts)}${end}`);
        }),
      );
    });
    this.keptNotices = new Kept((list) => {
      noticesNone.hidden = list.length > 0;
      notices.replaceChildren(
        ...list.map(({ atMs, phase, cause, subject, units }) =>
          line(
            atMs,
            `${texts.causes[cause] ?? cause} ${subject}: ${texts.phases[phase] ?? phase} (${texts.units(units)})`,
          ),
        ),
      );
    });
  }

  show({ done, notices }: Frame): void {
    this.keptDone.set(done);
    this.keptNotices.set(notices);
  }
}

function deedText(deed: Deed, texts: Texts): string {
  switch (deed.type) {
    case "press":
      return texts.deeds.press(deed.unit, deed.button);
    case "key":
      return texts.deeds[deed.key](deed.unit);
    case "handle":
      return texts.deeds[deed.how](deed.unit);
    case "fault":
      return texts.deeds.fault(
        texts.kinds[deed.object] ?? deed.object,
        deed.name,
        texts.faults[deed.fault] ?? deed.fault,
      );
  }
}
