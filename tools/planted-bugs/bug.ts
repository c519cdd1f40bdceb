/** A bug that can be planted by name while tests are run: one line of the firmware, replaced as it is loaded. Nothing of it is in the firmware. */
export interface PlantedBug {
  /** What the device does wrong, in words; unique. */
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly line: string;
  readonly instead: string;
  /** Test files that must catch it, as the runner's filters. */
  readonly tests: readonly string[];
}

/** The source with the bug in it. Throws where the line is not there exactly once: then the list is out of date. */
export function plant(bug: PlantedBug, source: string): string {
  const places = source.split(bug.line).length - 1;
  if (places !== 1) throw new Error(`planted bug "${bug.name}": its line stands ${places} times in ${bug.file}`);
  return source.replace(bug.line, () => bug.instead);
}
