/** What units share, each with a button to break or mend it. */
import { type Broken, type Frame, type Order, offeredFaults, type Shared } from "../messages.ts";
import { timeText } from "./clock.ts";
import { button, element, section, setText } from "./dom.ts";
import type { Around } from "./lists.ts";

interface Row {
  readonly shared: Shared;
  readonly row: HTMLElement;
  readonly state: HTMLElement;
  readonly how: HTMLSelectElement;
  readonly act: HTMLButtonElement;
  broken: Broken | undefined;
}

export class SharedPanel {
  readonly place: HTMLElement;
  private readonly around: Around;
  private readonly order: (order: Order) => void;
  private readonly rows: readonly Row[];

  constructor(around: Around, shared: readonly Shared[], order: (order: Order) => void) {
    const { texts } = around;
    this.around = around;
    this.order = order;
    this.rows = shared.map((each) => this.rowOf(each));
    const list = element("ul", { class: "shared-list" }, ...this.rows.map(({ row }) => row));
    this.place = section(texts.shared, "shared", element("p", { class: "about" }, texts.sharedLegend), list);
  }

  show({ broken }: Frame): void {
    const { texts, startWallMs } = this.around;
    for (const row of this.rows) {
      const { object, name } = row.shared;
      const kind = texts.kinds[object] ?? object;
      const found = broken.find((each) => each.object === object && each.name === name);
      row.broken = found;
      row.row.classList.toggle("broken", found !== undefined);
      const fault = texts.faults[found?.fault ?? ""] ?? found?.fault ?? "";
      const end = found === undefined || found.byHand ? "" : `, ${texts.byStory(timeText(startWallMs + found.toMs))}`;
      setText(row.state, `${fault}${end}`);
      row.state.hidden = found === undefined;
      row.how.hidden = found !== undefined;
      setText(row.act, found === undefined ? texts.break : texts.mend);
      row.act.disabled = found !== undefined && !found.byHand;
      row.act.setAttribute(
        "aria-label",
        found === undefined ? texts.breakNamed(kind, name) : texts.mendNamed(kind, name),
      );
    }
  }

  private rowOf(shared: Shared): Row {
    const { texts } = this.around;
    const { object, name, units } = shared;
    const kind = texts.kinds[object] ?? object;
    const state = element("span", { class: "state" });
    const options = offeredFaults[object].map((fault) =>
      element("option", { value: fault }, texts.faults[fault] ?? fault),
    );
    const how = element("select", { "aria-label": texts.howNamed(kind, name) }, ...options);
    const act = button(texts.break, () => this.pressed(made), { "data-act": `${object} ${name}` });
    const head = element("span", { class: "name" }, element("span", { class: "about" }, `${kind} `), name);
    const row = element("li", {}, head, element("span", { class: "about" }, texts.units(units)), state, how, act);
    const made: Row = { shared, row, state, how, act, broken: undefined };
    return made;
  }

  private pressed({ shared: { object, name }, how, broken }: Row): void {
    if (broken !== undefined) this.order({ type: "mend", object, name });
    else this.order({ type: "do", deed: { type: "fault", object, name, fault: how.value } });
  }
}
