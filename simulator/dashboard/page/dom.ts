/** Elements of the page, made with text that is never taken for markup. */

type Child = Node | string;

/** Attributes by name; those that are false are left out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | false>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== false) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(
  label: string,
  onPress: () => void,
  attributes: Readonly<Record<string, string | false>> = {},
): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", onPress);
  return made;
}

/** A part of the page with its heading. */
export function section(title: string, name: string, ...children: readonly Child[]): HTMLElement {
  const heading = element("h2", { id: `${name}-title` }, title);
  return element("section", { class: name, "aria-labelledby": `${name}-title` }, heading, ...children);
}

/** The same value again changes nothing, so that what somebody reads or selects stays as it is. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Makes what depends on a value anew only where the value is another one. */
export class Kept<T> {
  private key: string;
  private readonly draw: (value: T) => void;

  constructor(draw: (value: T) => void) {
    this.key = "";
    this.draw = draw;
  }

  set(value: T): void {
    const key = JSON.stringify(value);
    if (key === this.key) return;
    this.key = key;
    this.draw(value);
  }
}
