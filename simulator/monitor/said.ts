/** What a monitor says to people, in English and in Swedish at once: made where the numbers are, so that no text is read back. */

export interface Said {
  readonly en: string;
  readonly sv: string;
}

export const nothingSaid: Said = { en: "", sv: "" };

export function said(en: string, sv: string): Said {
  return { en, sv };
}

/** With something between each two. */
export function joined(parts: readonly Said[], between: string): Said {
  return { en: parts.map(({ en }) => en).join(between), sv: parts.map(({ sv }) => sv).join(between) };
}

/** A length of time for people of both: `4 min 10 s`. */
export function spoken(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
