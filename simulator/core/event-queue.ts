/**
 * Virtual time in whole milliseconds: what is planned runs by instant, then in the order it was planned, so that equal
 * plans give equal histories. A batch of units may share one queue or have one each; nothing here is global.
 */

/** Names one planned run. Once that has run or was cancelled, the handle means nothing any more. */
export type Handle = number & { readonly brand: "Handle" };

/** A handle holds the slot in its low bits and the order, cut to 29 bits, above: together at most 53 bits. */
const slotSpan = 2 ** 24;
const orderSpan = 2 ** 29;
const firstCapacity = 16;
/** Below this many cancelled entries the heap is left alone; beyond, they may be as many as the live ones. */
const garbageFloor = 32;
const free = -1;

export class EventQueue {
  /** The present instant in ms since the world began. */
  nowMs: number;
  /** How many have run. */
  ran: number;
  /** How many runs are planned; cancelled ones do not count. */
  size: number;

  private readonly limit: number;
  private running: boolean;
  private ordersGiven: number;
  private runsAtInstant: number;

  // The heap, four children a node. Entry i is (instants[i], orders[i], slots[i]).
  private instants: Float64Array;
  private orders: Float64Array;
  private slots: Int32Array;
  private length: number;
  /** The top entry is being run and its place is free: the next entry planned goes there, which saves a pop. */
  private hole: boolean;

  // Per slot: the order of the entry that owns it, and what it runs. An entry whose order its slot does not show is dead.
  private slotOrders: Float64Array;
  private readonly runs: ((() => void) | undefined)[];
  private readonly freeSlots: number[];

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
    this.ordersGiven = 0;
    this.runsAtInstant = 0;
    this.instants = new Float64Array(firstCapacity);
    this.orders = new Float64Array(firstCapacity);
    this.slots = new Int32Array(firstCapacity);
    this.length = 0;
    this.hole = false;
    this.slotOrders = new Float64Array(firstCapacity).fill(free);
    this.runs = [];
    this.freeSlots = [];
  }

  /** Plans `run` for an instant that has not passed (whole ms). At the present instant it comes after all planned so far. */
  at(instantMs: number, run: () => void): Handle {
    if (!(instantMs >= this.nowMs) || !Number.isSafeInteger(instantMs)) {
      throw new Error(`event queue: cannot plan for ${instantMs} ms at ${this.nowMs} ms`);
    }
    if (this.size >= this.limit) throw new Error(`event queue: more than ${this.limit} runs planned`);
    const slot = this.takeSlot(run);
    const order = this.ordersGiven;
    this.ordersGiven = order + 1;
    this.slotOrders[slot] = order;
    this.size += 1;
    if (this.hole) {
      this.hole = false;
      this.sink(0, instantMs, order, slot);
    } else {
      if (this.length === this.instants.length) this.grow();
      this.length += 1;
      this.rise(this.length - 1, instantMs, order, slot);
    }
    return ((order % orderSpan) * slotSpan + slot) as Handle;
  }

  /** Plans `run` for `delayMs` (whole, 0 or more) from now. */
  after(delayMs: number, run: () => void): Handle {
    return this.at(this.nowMs + delayMs, run);
  }

  /** The run does not happen, and what it holds is let go at once. Cancelling what is over is allowed and does nothing. */
  cancel(handle: Handle): void {
    const turn = Math.floor(handle / slotSpan);
    const slot = handle - turn * slotSpan;
    const order = this.slotOrders[slot];
    if (order === undefined || order === free || order % orderSpan !== turn) return;
    this.releaseSlot(slot);
    const dead = this.length - this.size;
    if (dead > garbageFloor && dead > this.size) this.sweep();
  }

  /** The instant of the next run, or undefined when nothing is planned. */
  next(): number | undefined {
    this.settle();
    return this.length === 0 ? undefined : this.instants[0];
  }

  /** Runs all that is due up to and including `untilMs`, also what is planned meanwhile; then it is `untilMs`. */
  runUntil(untilMs: number): void {
    if (this.running) throw new Error("event queue: runUntil called from inside a run");
    if (!(untilMs >= this.nowMs) || !Number.isSafeInteger(untilMs)) {
      throw new Error(`event queue: cannot run until ${untilMs} ms at ${this.nowMs} ms`);
    }
    this.running = true;
    try {
      for (let due = this.next(); due !== undefined && due <= untilMs; due = this.next()) this.runTop(due);
    } finally {
      this.running = false;
    }
    this.advance(untilMs);
  }

  private runTop(instantMs: number): void {
    this.advance(instantMs);
    this.runsAtInstant += 1;
    if (this.runsAtInstant > this.limit) throw new Error(`event queue: time stands still at ${instantMs} ms`);
    const slot = this.slots[0] as number;
    const run = this.runs[slot] as () => void;
    this.releaseSlot(slot);
    this.hole = true;
    this.ran += 1;
    run();
  }

  private advance(instantMs: number): void {
    if (instantMs === this.nowMs) return;
    this.nowMs = instantMs;
    this.runsAtInstant = 0;
  }

  private takeSlot(run: () => void): number {
    const slot = this.freeSlots.pop() ?? this.runs.length;
    if (slot === this.slotOrders.length) {
      const wider = new Float64Array(slot * 2).fill(free);
      wider.set(this.slotOrders);
      this.slotOrders = wider;
    }
    this.runs[slot] = run;
    return slot;
  }

  private releaseSlot(slot: number): void {
    this.slotOrders[slot] = free;
    this.runs[slot] = undefined;
    this.freeSlots.push(slot);
    this.size -= 1;
  }

  /** Afterwards the top entry, if there is one, is live. A hole is a dead entry like any other. */
  private settle(): void {
    this.hole = false;
    while (this.length > 0 && this.slotOrders[this.slots[0] as number] !== this.orders[0]) this.dropTop();
  }

  private dropTop(): void {
    const last = this.length - 1;
    this.length = last;
    if (last > 0) {
      this.sink(0, this.instants[last] as number, this.orders[last] as number, this.slots[last] as number);
    }
  }

  private sweep(): void {
    let kept = 0;
    for (let i = 0; i < this.length; i++) {
      const slot = this.slots[i] as number;
      const order = this.orders[i] as number;
      if (this.slotOrders[slot] !== order) continue;
      this.instants[kept] = this.instants[i] as number;
      this.orders[kept] = order;
      this.slots[kept] = slot;
      kept += 1;
    }
    this.hole = false;
    this.length = kept;
    for (let i = (kept - 2) >> 2; i >= 0; i--) {
      this.sink(i, this.instants[i] as number, this.orders[i] as number, this.slots[i] as number);
    }
  }

  private grow(): void {
    const capacity = this.instants.length * 2;
    const instants = new Float64Array(capacity);
    instants.set(this.instants);
    this.instants = instants;
    const orders = new Float64Array(capacity);
    orders.set(this.orders);
    this.orders = orders;
    const slots = new Int32Array(capacity);
    slots.set(this.slots);
    this.slots = slots;
  }

  /** Puts an entry at `place` or above it. */
  private rise(place: number, instantMs: number, order: number, slot: number): void {
    const { instants, orders, slots } = this;
    let here = place;
    while (here > 0) {
      const parent = (here - 1) >> 2;
      const parentMs = instants[parent] as number;
      if (parentMs < instantMs || (parentMs === instantMs && (orders[parent] as number) < order)) break;
      instants[here] = parentMs;
      orders[here] = orders[parent] as number;
      slots[here] = slots[parent] as number;
      here = parent;
    }
    instants[here] = instantMs;
    orders[here] = order;
    slots[here] = slot;
  }

  /** Puts an entry at `place` or below it. */
  private sink(place: number, instantMs: number, order: number, slot: number): void {
    const { instants, orders, slots, length } = this;
    let here = place;
    for (let first = here * 4 + 1; first < length; first = here * 4 + 1) {
      let least = first;
      let leastMs = instants[first] as number;
      const end = Math.min(first + 4, length);
      for (let child = first + 1; child < end; child++) {
        const childMs = instants[child] as number;
        if (childMs < leastMs || (childMs === leastMs && (orders[child] as number) < (orders[least] as number))) {
          least = child;
          leastMs = childMs;
        }
      }
      if (leastMs > instantMs || (leastMs === instantMs && (orders[least] as number) > order)) break;
      instants[here] = leastMs;
      orders[here] = orders[least] as number;
      slots[here] = slots[least] as number;
      here = least;
    }
    instants[here] = instantMs;
    orders[here] = order;
    slots[here] = slot;
  }
}
