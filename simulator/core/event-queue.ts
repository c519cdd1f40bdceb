/**
 * Virtual time in whole milliseconds: what is planned runs by instant, then in the order it was planned, so that equal
 * plans give equal histories. A batch of units may share one queue or have one each; nothing here is global.
 *
 * Inside stand four wheels of 256 lists (Varghese and Lauck 1987), cut by the digits of the instant: an entry hangs on the
 * wheel of the highest digit in which it differs from `base`. Lists keep the order of planning and are only ever
 * dealt out to lower wheels whole, before anything later can join there; so nothing is compared, and ties keep their order.
 */

/** Names one planned run. Once that has run or was cancelled, the handle means nothing any more. */
export type Handle = number & { readonly brand: "Handle" };

/** What runs: a function, or an object that is kept for the purpose and so costs no closure. */
export type Run = (() => void) | { fire(): void };

/** A handle holds the slot in its low bits and its turn above: together at most 53 bits. */
const slotSpan = 2 ** 24;
const turnMask = 2 ** 29 - 1;
const firstCapacity = 16;
const wheelSpan = 2 ** 32;
const wheels = 4;
/** Lists are nodes like any other, before the first slot; the last is of what lies beyond the wheels. */
const far = wheels * 256;
const firstNode = far + 1;

// A node is four words: its neighbours in a ring that begins and ends with the list itself, the low half of its instant, and
// how often its slot was used.
const before = 0;
const after = 1;
const dueLow = 2;
const turn = 3;

export class EventQueue {
  /** The present instant in ms since the world began. */
  nowMs: number;
  /** How many have run. */
  ran: number;
  /** How many runs are planned; cancelled ones do not count. */
  size: number;

  private readonly limit: number;
  private running: boolean;
  private runsAtInstant: number;

  /** Never later than the present instant: its low half, and the instant at which its round of the wheels began. */
  private base: number;
  private roundMs: number;
  /** Which lists of a wheel hold something: eight words each, and one word that says which of them are not 0. */
  private readonly marks: Int32Array;
  private readonly markedWords: Int32Array;
  private nodes: Int32Array;
  /** Of those beyond the wheels: the round that they are due in. */
  private rounds: Int32Array;
  private readonly runs: (Run | undefined)[];
  /** The first of the slots that were used and are free, linked by `after`; 0 where there is none. */
  private freed: number;

  /**
   * `limit` bounds what can be planned at once, and how much may run at one instant before that counts as a circle.
   * At most 2^24.
   */
  constructor(limit: number = slotSpan) {
    if (limit < 1 || limit > slotSpan) throw new Error(`event queue: limit ${limit} is not within 1 to ${slotSpan}`);
    this.limit = limit;
    this.nowMs = 0;
    this.size = 0;
    this.ran = 0;
    this.running = false;
    this.runsAtInstant = 0;
    this.base = 0;
    this.roundMs = 0;
    this.marks = new Int32Array(wheels * 8);
    this.markedWords = new Int32Array(wheels);
    this.nodes = new Int32Array((firstNode + firstCapacity) * 4);
    for (let list = 0; list < firstNode; list++) this.nodes[list * 4 + before] = this.nodes[list * 4 + after] = list;
    this.rounds = new Int32Array(firstCapacity);
    this.runs = [];
    this.freed = 0;
  }

  /** Plans `run` for an instant that has not passed (whole ms). At the present instant it comes after all planned so far. */
  at(instantMs: number, run: Run): Handle {
    const slot = this.plan(instantMs, run) - firstNode;
    return ((this.nodes[(slot + firstNode) * 4 + turn] as number) * slotSpan + slot) as Handle;
  }

  /** Plans `run` for `delayMs` (whole, 0 or more) from now. */
  after(delayMs: number, run: Run): Handle {
    return this.at(this.nowMs + delayMs, run);
  }

  /**
   * As `at`, for those who keep a `run` of their own for each plan and may cancel it by `drop`. The answer is a small
   * number, where a handle can be one that the engine must put on its heap.
   */
  plan(instantMs: number, run: Run): number {
    if (!(instantMs >= this.nowMs) || !Number.isSafeInteger(instantMs)) {
      throw new Error(`event queue: cannot plan for ${instantMs} ms at ${this.nowMs} ms`);
    }
    if (this.size >= this.limit) throw new Error(`event queue: more than ${this.limit} runs planned`);
    const node = this.takeNode();
    this.runs[node - firstNode] = run;
    this.size += 1;
    const sinceMs = instantMs - this.roundMs;
    if (sinceMs < wheelSpan) {
      this.hang(node, sinceMs | 0);
    } else {
      this.nodes[node * 4 + dueLow] = (instantMs % wheelSpan) | 0;
      this.rounds[node - firstNode] = Math.floor(instantMs / wheelSpan);
      this.append(node, far);
    }
    return node;
  }

  /** The run does not happen, and what it holds is let go at once. Cancelling what is over is allowed and does nothing. */
  cancel(handle: Handle): void {
    const wanted = Math.floor(handle / slotSpan);
    const node = handle - wanted * slotSpan + firstNode;
    if (this.runs[node - firstNode] !== undefined && this.nodes[node * 4 + turn] === wanted) this.release(node);
  }

  /** Cancels what `plan` answered, if that slot still holds this very `run`. */
  drop(node: number, run: Run): void {
    if (this.runs[node - firstNode] === run) this.release(node);
  }

  /** The instant of the next run, or undefined when nothing is planned. */
  next(): number | undefined {
    const list = this.firstList();
    if (list < 0) return undefined;
    let leastMs = Number.POSITIVE_INFINITY;
    for (let node = this.nextOf(list); node !== list; node = this.nextOf(node))
      leastMs = Math.min(leastMs, this.instantOf(node, list));
    return leastMs;
  }

  /** Runs all that is due up to and including `untilMs`, also what is planned meanwhile; then it is `untilMs`. */
  runUntil(untilMs: number): void {
    if (this.running) throw new Error("event queue: runUntil called from inside a run");
    if (!(untilMs >= this.nowMs) || !Number.isSafeInteger(untilMs)) {
      throw new Error(`event queue: cannot run until ${untilMs} ms at ${this.nowMs} ms`);
    }
    this.running = true;
    try {
      for (let list = this.firstList(); list >= 0; list = this.firstList()) {
        const node = this.nextOf(list);
        if (list < 256 || (list !== far && this.nextOf(node) === list)) {
          const instantMs = this.instantOf(node, list);
          if (instantMs > untilMs) break;
          this.base = (instantMs - this.roundMs) | 0;
          this.runNode(instantMs, node);
        } else if (!this.deal(list, untilMs)) break;
      }
    } finally {
      this.running = false;
    }
    this.advance(untilMs);
  }

  private runNode(instantMs: number, node: number): void {
    this.advance(instantMs);
    this.runsAtInstant += 1;
    if (this.runsAtInstant > this.limit) throw new Error(`event queue: time stands still at ${instantMs} ms`);
    const run = this.runs[node - firstNode] as Run;
    this.release(node);
    this.ran += 1;
    if (typeof run === "function") run();
    else run.fire();
  }

  private advance(instantMs: number): void {
    if (instantMs === this.nowMs) return;
    this.nowMs = instantMs;
    this.runsAtInstant = 0;
  }

  private takeNode(): number {
    const node = this.freed;
    if (node === 0) {
      const fresh = this.runs.length + firstNode;
      if (fresh * 4 === this.nodes.length) this.grow();
      return fresh;
    }
    this.freed = this.nextOf(node);
    return node;
  }

  /** Takes it out of its list; its slot is free. */
  private release(node: number): void {
    const nodes = this.nodes;
    const place = node * 4;
    const former = nodes[place + before] as number;
    const latter = nodes[place + after] as number;
    nodes[former * 4 + after] = latter;
    nodes[latter * 4 + before] = former;
    if (former === latter && former < far) this.unmark(former);
    nodes[place + turn] = ((nodes[place + turn] as number) + 1) & turnMask;
    nodes[place + after] = this.freed;
    this.freed = node;
    this.runs[node - firstNode] = undefined;
    this.size -= 1;
  }

  /** On the wheel of the highest digit that differs from the base, in the list of that digit. */
  private hang(node: number, low: number): void {
    this.nodes[node * 4 + dueLow] = low;
    const differing = low ^ this.base;
    const shift = differing === 0 ? 0 : (31 - Math.clz32(differing)) & ~7;
    const list = (shift << 5) | ((low >>> shift) & 255);
    const word = list >> 5;
    this.marks[word] = (this.marks[word] as number) | (1 << (list & 31));
    this.markedWords[word >> 3] = (this.markedWords[word >> 3] as number) | (1 << (word & 7));
    this.append(node, list);
  }

  private append(node: number, list: number): void {
    const nodes = this.nodes;
    const last = nodes[list * 4 + before] as number;
    nodes[node * 4 + before] = last;
    nodes[node * 4 + after] = list;
    nodes[last * 4 + after] = node;
    nodes[list * 4 + before] = node;
  }

  private unmark(list: number): void {
    const word = list >> 5;
    const left = (this.marks[word] as number) & ~(1 << (list & 31));
    this.marks[word] = left;
    if (left === 0) this.markedWords[word >> 3] = (this.markedWords[word >> 3] as number) & ~(1 << (word & 7));
  }

  /** The list that holds the next run; -1 when nothing is planned. */
  private firstList(): number {
    for (let wheel = 0; wheel < wheels; wheel++) {
      const words = this.markedWords[wheel] as number;
      if (words === 0) continue;
      const word = wheel * 8 + 31 - Math.clz32(words & -words);
      const marks = this.marks[word] as number;
      return word * 32 + 31 - Math.clz32(marks & -marks);
    }
    return this.nextOf(far) === far ? -1 : far;
  }

  /** Brings the base to the begin of a list and hangs its entries lower; false when that begins after `untilMs`. */
  private deal(list: number, untilMs: number): boolean {
    if (list === far) return this.beginRound(untilMs);
    const shift = (list >> 8) * 8;
    const begin = ((this.base >>> shift) & ~255) | (list & 255);
    const beginLow = begin << shift;
    if (this.roundMs + (beginLow >>> 0) > untilMs) return false;
    this.base = beginLow;
    let node = this.nextOf(list);
    this.nodes[list * 4 + before] = this.nodes[list * 4 + after] = list;
    this.unmark(list);
    while (node !== list) {
      const next = this.nextOf(node);
      this.hang(node, this.nodes[node * 4 + dueLow] as number);
      node = next;
    }
    return true;
  }

  /** The wheels are empty: the next round that something is due in begins, unless that is after `untilMs`. */
  private beginRound(untilMs: number): boolean {
    let round = Number.POSITIVE_INFINITY;
    for (let node = this.nextOf(far); node !== far; node = this.nextOf(node))
      round = Math.min(round, this.rounds[node - firstNode] as number);
    if (round * wheelSpan > untilMs) return false;
    this.roundMs = round * wheelSpan;
    this.base = 0;
    let node = this.nextOf(far);
    this.nodes[far * 4 + before] = this.nodes[far * 4 + after] = far;
    while (node !== far) {
      const next = this.nextOf(node);
      if (this.rounds[node - firstNode] === round) this.hang(node, this.nodes[node * 4 + dueLow] as number);
      else this.append(node, far);
      node = next;
    }
    return true;
  }

  private nextOf(node: number): number {
    return this.nodes[node * 4 + after] as number;
  }

  private instantOf(node: number, list: number): number {
    const low = (this.nodes[node * 4 + dueLow] as number) >>> 0;
    return low + (list === far ? (this.rounds[node - firstNode] as number) * wheelSpan : this.roundMs);
  }

  private grow(): void {
    const capacity = this.runs.length * 2;
    const nodes = new Int32Array((firstNode + capacity) * 4);
    nodes.set(this.nodes);
    this.nodes = nodes;
    const rounds = new Int32Array(capacity);
    rounds.set(this.rounds);
    this.rounds = rounds;
  }
}
