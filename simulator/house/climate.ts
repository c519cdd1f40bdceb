/** How warm it is in a home over time, as straight lines between given instants: known beforehand, so that nobody polls it. */

export interface ClimatePoint {
  /** Of virtual time. */
  readonly atMs: number;
  readonly deciC: number;
}

export const mostClimatePoints = 1_024;
const usualDeciC = 210;
/** From one temperature of a room to the next. */
const goesMs = 60_000;

export class Climate {
  private points: readonly ClimatePoint[];
  private readonly listeners: (() => void)[];

  /** Always 21 °C until a plan is given. */
  constructor() {
    this.points = [{ atMs: 0, deciC: usualDeciC }];
    this.listeners = [];
  }

  /** As before the first point, so until then; after the last one it stays. Throws where instants do not rise. */
  follow(points: readonly ClimatePoint[]): void {
    if (points.length < 1 || points.length > mostClimatePoints) throw new Error(`climate: ${points.length} points`);
    for (let i = 1; i < points.length; i++)
      if ((points[i] as ClimatePoint).atMs <= (points[i - 1] as ClimatePoint).atMs)
        throw new Error("climate: instants must rise");
    this.points = points;
    for (const listener of this.listeners) listener();
  }

  /** From now on it becomes so warm within a minute, and stays so; what was before stays known. */
  goTo(nowMs: number, deciC: number): void {
    const before = this.points.filter(({ atMs }) => atMs < nowMs);
    this.follow([...before, { atMs: nowMs, deciC: this.deciC(nowMs) }, { atMs: nowMs + goesMs, deciC }]);
  }

  /** Calls back whenever another plan is given. */
  listen(onPlan: () => void): void {
    this.listeners.push(onPlan);
  }

  /** Tenths of a degree Celsius. */
  deciC(atMs: number): number {
    const { points } = this;
    let last = points[0] as ClimatePoint;
    if (atMs <= last.atMs) return last.deciC;
    for (const next of points) {
      if (atMs < next.atMs) return between(last, next, atMs);
      last = next;
    }
    return last.deciC;
  }

  /** The first instant from `fromMs` on at which it is colder or warmer than these borders; undefined where it never is. */
  firstOutside(fromMs: number, belowDeciC: number, aboveDeciC: number): number | undefined {
    const isOut = (atMs: number): boolean => {
      const deciC = this.deciC(atMs);
      return deciC < belowDeciC || deciC > aboveDeciC;
    };
    if (isOut(fromMs)) return fromMs;
    let inMs = fromMs;
    for (const { atMs } of this.points) {
      if (atMs <= inMs) continue;
      if (isOut(atMs)) return firstIn(inMs, atMs, isOut);
      inMs = atMs;
    }
    return undefined;
  }
}

/** Whole tenths, rounded towards the colder. */
function between(from: ClimatePoint, to: ClimatePoint, atMs: number): number {
  return from.deciC + Math.floor(((to.deciC - from.deciC) * (atMs - from.atMs)) / (to.atMs - from.atMs));
}

/** On one straight line, which is within at `inMs` and out at `outMs`. */
function firstIn(inMs: number, outMs: number, isOut: (atMs: number) => boolean): number {
  let low = inMs;
  let high = outMs;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isOut(middle)) high = middle;
    else low = middle;
  }
  return high;
}
