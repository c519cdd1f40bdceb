/** The ladder of one press as it grows, drawn as the report draws it. */
import type { Ladder } from "../../report/ladder.ts";
import { drawLadder } from "../../report/page/ladder-drawing.ts";
import { catalogue } from "../../report/page/texts.ts";
import type { Texts } from "../texts/english.ts";
import { timeText, tookText } from "./clock.ts";
import { element } from "./dom.ts";

/** `width` in CSS pixels. */
export function ladderElement(
  { press, lanes, hops }: Ladder,
  texts: Texts,
  startWallMs: number,
  width: number,
): HTMLElement {
  const words = catalogue(texts.language === "sv" ? "sv" : "en");
  const { pressedMs, acceptedMs, button } = press;
  const end = acceptedMs === null ? texts.notAccepted : texts.acceptedAfter(tookText(acceptedMs - pressedMs, texts));
  const heading = element("h3", {}, `${texts.ladder(timeText(startWallMs + pressedMs), button)}: ${end}`);
  const drawn = element("div", { class: "ladder" });
  // Markup that escapes whatever was put into it.
  drawn.innerHTML = drawLadder({ lanes, hops, pressedMs }, words, startWallMs, width).text;
  return element("div", { class: acceptedMs === null ? "press open" : "press" }, heading, drawn);
}
