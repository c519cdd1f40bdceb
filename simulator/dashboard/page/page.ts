/** The dashboard's page: a town as it is played or lives, what waits in it first, and knobs to break and mend it. */
import { type Frame, type Order, type Story, sharedKinds } from "../messages.ts";
import { catalogue, type Language } from "../texts/catalogue.ts";
import type { Texts } from "../texts/english.ts";
import { tookText } from "./clock.ts";
import { Controls } from "./controls.ts";
import { button, element, section, setText } from "./dom.ts";
import { type Around, Logs, Tiles, WaitingList } from "./lists.ts";
import { legendMarks, shapesOf } from "./mark-shapes.ts";
import { ServerLink } from "./server-link.ts";
import { SharedPanel } from "./shared-panel.ts";
import { type Grouping, TownMap } from "./town-map.ts";
import { UnitPanel } from "./unit-panel.ts";
import { WaitPlot } from "./wait-plot.ts";

/** The reader's language is kept in the browser. */
const languageKey = "livlina language";

class Page {
  private readonly link: ServerLink;
  private readonly story: Story;
  private readonly texts: Texts;
  private readonly controls: Controls;
  private readonly tiles: Tiles;
  private readonly waiting: WaitingList;
  private readonly map: TownMap;
  private readonly shared: SharedPanel;
  private readonly unit: UnitPanel;
  private readonly plot: WaitPlot;
  private readonly waits: HTMLElement;
  private readonly logs: Logs;
  private readonly index: ReadonlyMap<string, number>;

  constructor(link: ServerLink, story: Story, language: Language) {
    this.link = link;
    this.story = story;
    this.texts = catalogue(language);
    const { texts } = this;
    const order = (each: Order): void => void this.order(each);
    const open = (unit: string): void => order({ type: "open", unit });
    const around: Around = { texts, startWallMs: story.startWallMs, open };
    this.index = new Map(story.units.map(({ id }, at) => [id, at]));
    this.controls = new Controls(texts, story, order);
    this.tiles = new Tiles(around, story);
    this.waiting = new WaitingList(around);
    const groupings = this.groupings();
    const mapOptions = {
      units: story.units,
      label: texts.mapLegend(story.units.length),
      ungrouped: texts.ungrouped,
      onChoose: open,
    };
    this.map = new TownMap(mapOptions, groupings[0] ?? "group");
    this.shared = new SharedPanel(around, story.shared, order);
    this.unit = new UnitPanel(around, order);
    this.plot = new WaitPlot(story.startWallMs, texts.plotLegend);
    this.waits = element("p", { class: "about" });
    this.logs = new Logs(around);
    this.build(groupings, open);
  }

  show(frame: Frame): void {
    this.controls.show(frame);
    this.tiles.show(frame.counts);
    this.waiting.show(frame);
    if (frame.marks !== null) this.map.show(frame.marks);
    else this.map.change(frame.changed);
    const { opened } = frame;
    const index = opened === null ? -1 : (this.index.get(opened.id) ?? -1);
    this.map.choose(index);
    this.shared.show(frame);
    this.unit.show(frame, this.story.units[index], this.story.mode === "played");
    this.plot.show(frame.atMs, frame.waits, frame.waiting, frame.marks !== null);
    if (frame.marks !== null || frame.waits.length > 0) setText(this.waits, this.waitText());
    this.logs.show(frame);
  }

  lost(): void {
    this.controls.say(this.texts.disconnected, "lost");
  }

  private async order(order: Order): Promise<void> {
    const answer = await this.link.order(order);
    if (!answer.ok) this.controls.say(this.texts.refused(answer.why), "answer");
    else if (answer.saved !== undefined) this.controls.say(this.texts.saved(answer.saved, this.story.seed), "answer");
    else if (order.type !== "open") this.controls.say("", "");
  }

  private waitText(): string {
    const { texts } = this;
    const [half, most, all] = [0.5, 0.95, 1].map((share) => this.plot.percentile(share));
    if (half === undefined || most === undefined || all === undefined) return texts.noneAccepted;
    const [took, late, slowest] = [tookText(half, texts), tookText(most, texts), tookText(all, texts)];
    return `${texts.half} ${took} · ${texts.p95} ${late} · ${texts.slowest} ${slowest}`;
  }

  /** Kinds that set units apart, those that most of them have first. */
  private groupings(): readonly Grouping[] {
    const { units } = this.story;
    const kinds = sharedKinds.filter((kind) => units.some(({ on }) => on[kind] !== ""));
    return [...kinds, "group"];
  }

  private build(groupings: readonly Grouping[], open: (unit: string) => void): void {
    const { texts, story } = this;
    document.documentElement.lang = texts.language;
    document.title = `${story.name}: ${texts.kind}`;
    const other = texts.language === "sv" ? "en" : "sv";
    const language = button(
      texts.otherLanguage,
      () => {
        localStorage.setItem(languageKey, other);
        location.reload();
      },
      { lang: other, class: "language" },
    );
    const kind = story.mode === "played" ? `${texts.kind} · ${texts.seed(story.seed)}` : texts.liveKind;
    const header = element(
      "header",
      {},
      element("p", { class: "kind" }, kind),
      language,
      element("h1", {}, story.name),
      ...(story.question === "" ? [] : [element("p", { class: "about" }, story.question)]),
    );
    const plot = section(
      texts.plot,
      "waits",
      element("p", { class: "legend" }, ...this.plotLegend()),
      this.plot.place,
      this.waits,
    );
    const left = element("div", { class: "left" }, this.waiting.place, this.mapSection(groupings, open));
    if (story.shared.length > 0) left.append(this.shared.place);
    left.append(plot);
    const right = element("div", { class: "right" }, this.unit.place);
    if (story.mode === "played") right.append(this.logs.done, this.logs.notices);
    const main = element(
      "main",
      {},
      this.controls.place,
      this.tiles.place,
      element("div", { class: "columns" }, left, right),
    );
    document.body.replaceChildren(header, main);
  }

  private mapSection(groupings: readonly Grouping[], open: (unit: string) => void): HTMLElement {
    const { texts } = this;
    const choices = groupings.map((each) => element("option", { value: each }, texts.groups[each]));
    const group = element("select", { id: "group" }, ...choices);
    group.addEventListener("change", () => this.map.group(group.value as Grouping));
    const name = element("input", { id: "find", autocomplete: "off", spellcheck: "false", size: "14" });
    const find = element(
      "form",
      {},
      element("label", { for: "find" }, texts.find),
      name,
      element("button", {}, texts.findButton),
    );
    find.addEventListener("submit", (event) => {
      event.preventDefault();
      open(name.value.trim());
    });
    const groups = groupings.length < 2 ? [] : [element("label", { for: "group" }, texts.group), group];
    const row = element("div", { class: "knobs" }, ...groups, find);
    return section(texts.map, "map", row, this.legend(), this.map.canvas);
  }

  private legend(): HTMLElement {
    const list = element("ul", { class: "legend" });
    const draw = (): void => {
      const shapes = shapesOf(14, devicePixelRatio);
      list.replaceChildren(
        ...legendMarks.map((mark) => {
          const shape = shapes.get(mark) as HTMLCanvasElement;
          shape.className = "shape";
          shape.setAttribute("aria-hidden", "true");
          return element("li", {}, shape, this.texts.marks[mark]);
        }),
      );
    };
    draw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    return list;
  }

  private plotLegend(): readonly HTMLElement[] {
    const { texts } = this;
    return [
      element("span", { class: "two" }, `● ${texts.overMobile}`),
      element("span", { class: "one" }, `○ ${texts.overBroadband}`),
      element("span", { class: "never" }, `● ${texts.stillWaiting}`),
    ];
  }
}

async function begin(): Promise<void> {
  const kept = localStorage.getItem(languageKey);
  const language: Language = kept === "sv" || (kept === null && navigator.language.startsWith("sv")) ? "sv" : "en";
  const token = location.hash.slice(1);
  const link = new ServerLink(token);
  const story = token === "" ? undefined : await link.story().catch(() => undefined);
  if (story === undefined) {
    const texts = catalogue(language);
    document.documentElement.lang = texts.language;
    document.body.replaceChildren(element("main", {}, element("h1", {}, texts.kind), element("p", {}, texts.noToken)));
    return;
  }
  let page = new Page(link, story, language);
  let { version } = story;
  link.watch(
    (frame) => {
      if (frame.version === version) page.show(frame);
      else {
        version = frame.version;
        void link.story().then((other) => {
          page = new Page(link, other, language);
          if (frame.version === other.version) page.show(frame);
        });
      }
    },
    () => page.lost(),
  );
}

void begin();
