/** One unit opened: what it shows, has and says, what can be done to it, and the ladders of its last presses as they grow. */
import {
  type Broken,
  type Deed,
  type Frame,
  marks,
  type Note,
  type OpenedUnit,
  type Order,
  type RouteView,
  type StoryUnit,
} from "../messages.ts";
import type { Texts } from "../texts/english.ts";
import { timeText } from "./clock.ts";
import { button, element, Kept, section, setText } from "./dom.ts";
import { ladderElement } from "./ladder.ts";
import type { Around } from "./lists.ts";

const mostNotes = 14;
const mostReports = 6;
const leastLadderPx = 300;

export class UnitPanel {
  readonly place: HTMLElement;
  private readonly around: Around;
  private readonly order: (order: Order) => void;
  private readonly body: HTMLElement;
  private parts: Parts | undefined;

  constructor(around: Around, order: (order: Order) => void) {
    this.around = around;
    this.order = order;
    this.body = element("div", {}, element("p", { class: "about" }, around.texts.openedNone));
    this.place = section(around.texts.opened, "unit", this.body);
    this.parts = undefined;
  }

  /** `unit`: the same as the story names it. */
  show({ opened, broken }: Frame, unit: StoryUnit | undefined, canAct: boolean): void {
    if (opened === null || unit === undefined) {
      if (this.parts !== undefined)
        this.body.replaceChildren(element("p", { class: "about" }, this.around.texts.openedNone));
      this.parts = undefined;
      return;
    }
    if (this.parts?.id !== opened.id) {
      this.parts = new Parts(this.around, unit, canAct, this.order);
      this.body.replaceChildren(...this.parts.nodes);
    }
    this.parts.show(opened, broken);
  }
}

/** The parts of the panel for one unit; its buttons stay where they are while the rest changes. */
class Parts {
  readonly id: string;
  readonly nodes: readonly HTMLElement[];
  private readonly around: Around;
  private readonly order: (order: Order) => void;
  private readonly facts: HTMLElement;
  private readonly plug: HTMLButtonElement;
  private readonly freeze: HTMLButtonElement;
  private readonly ladders: HTMLElement;
  private readonly keptJournal: Kept<OpenedUnit["journal"]>;
  private readonly keptNotes: Kept<OpenedUnit["notes"]>;
  private readonly keptLadders: Kept<{ readonly list: OpenedUnit["ladders"]; readonly width: number }>;
  private isPlugged: boolean;
  private isFrozen: boolean;

  constructor(around: Around, { id, buttons }: StoryUnit, canAct: boolean, order: (order: Order) => void) {
    const { texts, startWallMs } = around;
    this.id = id;
    this.around = around;
    this.order = order;
    this.isPlugged = true;
    this.isFrozen = false;
    this.facts = element("dl", { class: "facts" });
    this.plug = button(texts.unplug, () =>
      this.do({ type: "handle", unit: id, how: this.isPlugged ? "unplugged" : "plugged-in" }),
    );
    this.freeze = button(texts.freeze, () => {
      if (this.isFrozen) order({ type: "mend", object: "unit", name: id });
      else this.do({ type: "fault", object: "unit", name: id, fault: "frozen-modem" });
    });
    const journal = element("ul", { class: "log" });
    const notes = element("ol", { class: "log" });
    this.ladders = element("div", { class: "ladders" });
    this.keptJournal = new Kept((list) => journal.replaceChildren(...journalLines(list, texts)));
    this.keptNotes = new Kept((list) =>
      notes.replaceChildren(...list.slice(0, mostNotes).map((note) => noteLine(note, texts, startWallMs))),
    );
    this.keptLadders = new Kept(({ list, width }) => {
      const drawn = list.map((ladder) => ladderElement(ladder, texts, startWallMs, width));
      this.ladders.replaceChildren(
        ...(drawn.length > 0 ? drawn : [element("p", { class: "about" }, texts.ladderNone)]),
      );
    });
    this.nodes = [
      element("h3", { class: "unit-name" }, id),
      this.facts,
      ...(canAct ? [element("div", { class: "acts" }, ...this.acts(buttons)), this.ladders] : []),
      ...(canAct ? [element("h3", {}, texts.journal), journal] : []),
      element("h3", {}, texts.notes),
      notes,
    ];
  }

  show(unit: OpenedUnit, broken: readonly Broken[]): void {
    const { texts, startWallMs } = this.around;
    this.isPlugged = unit.mains !== false;
    this.isFrozen = broken.some(
      ({ object, name, fault }) => object === "unit" && name === unit.id && fault === "frozen-modem",
    );
    setText(this.plug, this.isPlugged ? texts.unplug : texts.plugIn);
    setText(this.freeze, this.isFrozen ? texts.thaw : texts.freeze);
    const shown = unit.lamp === null ? texts.unknown : (texts.lamps[unit.lamp] ?? unit.lamp);
    const lamp = unit.mark === marks.off ? texts.marks.x : shown;
    const facts: readonly (readonly [string, string])[] = [
      [texts.account, unit.cid],
      [texts.lamp, lamp],
      [texts.supply, supplyText(unit, texts)],
      [texts.routes, unit.routes.map((route) => routeText(route, texts, startWallMs)).join("; ") || texts.unknown],
    ];
    facts.forEach(([name, value], at) => {
      if (this.facts.childElementCount <= at * 2) this.facts.append(element("dt", {}, name), element("dd"));
      setText(this.facts.children[at * 2 + 1] as HTMLElement, value);
    });
    this.keptJournal.set(unit.journal);
    this.keptNotes.set(unit.notes);
    this.keptLadders.set({ list: unit.ladders, width: this.ladders.clientWidth || leastLadderPx });
  }

  private do(deed: Deed): void {
    this.order({ type: "do", deed });
  }

  private acts(buttons: number): readonly HTMLElement[] {
    const { id } = this;
    const { texts } = this.around;
    const presses = Array.from({ length: buttons }, (_, at) =>
      button(texts.pressButton(at + 1), () => this.do({ type: "press", unit: id, button: at + 1 }), {
        class: at === 0 ? "main" : false,
      }),
    );
    return [
      ...presses,
      button(texts.helpKey, () => this.do({ type: "key", unit: id, key: "help" })),
      button(texts.cancelKey, () => this.do({ type: "key", unit: id, key: "cancel" })),
      this.plug,
      this.freeze,
      button(texts.kill, () => this.do({ type: "fault", object: "unit", name: id, fault: "dead" })),
    ];
  }
}

function supplyText({ mains, batteryPermille }: OpenedUnit, texts: Texts): string {
  if (mains === null) return texts.unknown;
  const battery = batteryPermille === null ? [] : [texts.battery(Math.round(batteryPermille / 10))];
  return [mains ? texts.mains : texts.onBattery, ...battery].join(", ");
}

function routeText({ route, at, active, heardMs }: RouteView, texts: Texts, startWallMs: number): string {
  const heard = heardMs === null ? texts.noAnswer : texts.lastAnswer(timeText(startWallMs + heardMs));
  return `${texts.routeNames[route]}: ${texts.routeStates[at]}${active ? ` (${texts.active})` : ""}, ${heard}`;
}

function journalLines(journal: OpenedUnit["journal"], texts: Texts): readonly HTMLElement[] {
  if (journal.length === 0) return [element("li", {}, texts.journalNone)];
  const lines = journal
    .slice(0, mostReports)
    .map(({ number, kind, at }) =>
      element("li", {}, `${number}: ${texts.reportKinds[kind] ?? kind}, ${texts.reportStates[at] ?? at}`),
    );
  const left = journal.length - lines.length;
  return left > 0 ? [...lines, element("li", {}, texts.more(left))] : lines;
}

function noteLine({ atMs, by, what, button: which, text }: Note, texts: Texts, startWallMs: number): HTMLElement {
  const who = which > 0 && by === "button" ? `${texts.who.button} ${which}` : texts.who[by];
  const lamp = by === "lamp" ? texts.lamps[what] : undefined;
  const said =
    text === null ? (lamp ?? texts.happenings[what] ?? what) : `”${texts.language === "sv" ? text.sv : text.en}”`;
  return element(
    "li",
    {},
    element("time", {}, timeText(startWallMs + atMs)),
    element("span", { class: "about" }, ` ${who} `),
    said,
  );
}
