/** Presses as people see them: a contact that was closed, and whether the button then told its wearer that the unit has taken it over. */
export interface TakenPress {
  readonly unit: number;
  readonly button: number;
  readonly atMs: number;
  /** When the button showed that the unit has it; undefined: nobody promised anything. */
  takenMs: number | undefined;
}

export class TakenPresses {
  /** In the order in which they were made. */
  readonly all: TakenPress[];
  private readonly waiting: Map<string, TakenPress[]>;

  constructor() {
    this.all = [];
    this.waiting = new Map();
  }

  /** Presses that their button must still tell somebody of. */
  unheard(): readonly TakenPress[] {
    return [...this.waiting.values()].flat();
  }

  pressed(atMs: number, unit: number, button: number): void {
    const press: TakenPress = { unit, button, atMs, takenMs: undefined };
    this.all.push(press);
    const key = `${unit} ${button}`;
    const waiting = this.waiting.get(key);
    if (waiting === undefined) this.waiting.set(key, [press]);
    else waiting.push(press);
  }

  /** Without its battery a button forgets what nobody has heard yet. */
  batteryFitted(_atMs: number, unit: number, button: number): void {
    this.waiting.delete(`${unit} ${button}`);
  }

  buttonShowed(atMs: number, unit: number, button: number, signal: string): void {
    const key = `${unit} ${button}`;
    // Its wearer has been told that it calls nobody.
    if (signal === "of-no-use") this.waiting.delete(key);
    if (signal !== "received" && signal !== "accepted") return;
    for (const press of this.waiting.get(key) ?? []) press.takenMs = atMs;
    this.waiting.delete(key);
  }
}
