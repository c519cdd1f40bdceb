/** The client transactions that live at once: a bounded list in the order they were begun (RFC 3261 17.1.3 finds one by its branch and method). */
import type { ClientTransaction } from "./client-transaction.ts";

/** Transactions that live at once, those that only wait for late answers included. */
export const transactionLimit = 32;

export class TransactionTable<U> {
  private readonly live: ClientTransaction<U>[];

  constructor() {
    this.live = [];
  }

  /** Adds one that is about to start; `makeRoom` comes before. */
  add(transaction: ClientTransaction<U>): void {
    this.live.push(transaction);
  }

  remove(transaction: ClientTransaction<U>): void {
    const index = this.live.indexOf(transaction);
    if (index >= 0) this.live.splice(index, 1);
  }

  /** The one that an answer with this branch and CSeq method belongs to. */
  find(branch: string, method: string): ClientTransaction<U> | undefined {
    for (const transaction of this.live)
      if (transaction.branch === branch && transaction.method === method) return transaction;
    return undefined;
  }

  /** The newest one that was sent for a user of this kind. */
  newest(wanted: (user: U) => boolean): ClientTransaction<U> | undefined {
    for (let i = this.live.length - 1; i >= 0; i--) {
      const transaction = this.live[i] as ClientTransaction<U>;
      if (wanted(transaction.user)) return transaction;
    }
    return undefined;
  }

  /** At the bound the oldest that is answered gives way; where none is, the oldest of all, which is then returned: it gets no answer. */
  makeRoom(): ClientTransaction<U> | undefined {
    if (this.live.length < transactionLimit) return undefined;
    let oldest = this.live[0] as ClientTransaction<U>;
    for (const transaction of this.live) {
      if (transaction.waiting) continue;
      oldest = transaction;
      break;
    }
    const unanswered = oldest.waiting;
    oldest.close();
    this.remove(oldest);
    return unanswered ? oldest : undefined;
  }
}
