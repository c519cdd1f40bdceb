/** Text into HTML and XML that cannot be broken by what is in the text. */

/** Markup that is safe as it stands. Only `html` and `trusted` make it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Markup[];

/** Template tag: every value is escaped unless it is markup already. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  let text = strings[0] ?? "";
  values.forEach((value, index) => {
    text += partText(value) + (strings[index + 1] ?? "");
  });
  return new Markup(text);
}

/** For our own files only (style, script), never for anything out of a run. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function partText(value: Part): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === "string" || typeof value === "number") return escapeMarkup(String(value));
  return value.map((each) => each.text).join("");
}

/** Good for HTML and for XML 1.0, which has no place for most control characters. */
export function escapeMarkup(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}

/** JSON inside a script element: no text can end the element. */
export function jsonMarkup(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replace(/</g, "\\u003c"));
}
