/** The keys on the unit: help, cancel and query count the moment they close, presence and away by how long they are held. */
import {
  type ContactEffect,
  type ContactEvent,
  type ContactState,
  contactAtStart,
  stepContact,
} from "../button/contact-machine.ts";
import { observerOf } from "../department.ts";
import type { KeyName, Keys, OpenKeys } from "../ports/keys.ts";
import { Runner } from "../runner.ts";
import type { UnitContext } from "../unit-context.ts";
import { HoldKey } from "./hold-key.ts";

/** `long` is never true of help, cancel and query. */
export type OnKey = (key: KeyName, long: boolean) => void;

type Contact = Runner<ContactState, ContactEvent, ContactEffect>;

export class UnitKeys {
  private readonly context: UnitContext;
  private readonly keys: Keys;
  private readonly help: Contact;
  private readonly cancel: Contact;
  private readonly query: Contact;
  private readonly presence: HoldKey;
  private readonly away: HoldKey;

  constructor(context: UnitContext, open: OpenKeys, onKey: OnKey) {
    this.context = context;
    this.help = contactOf(context, "key-help", () => onKey("help", false));
    this.cancel = contactOf(context, "key-cancel", () => onKey("cancel", false));
    this.query = contactOf(context, "key-query", () => onKey("query", false));
    this.presence = new HoldKey(context, "key-presence", (long) => onKey("presence", long));
    this.away = new HoldKey(context, "key-away", (long) => onKey("away", long));
    this.keys = open({ onChange: (key, closed) => this.change(key, closed) });
  }

  close(): void {
    this.keys.close();
  }

  private change(key: KeyName, closed: boolean): void {
    switch (key) {
      case "help":
        this.turn(this.help, closed);
        return;
      case "cancel":
        this.turn(this.cancel, closed);
        return;
      case "query":
        this.turn(this.query, closed);
        return;
      case "presence":
        this.presence.change(closed);
        return;
      case "away":
        this.away.change(closed);
        return;
    }
  }

  private turn(contact: Contact, closed: boolean): void {
    contact.dispatch({ type: closed ? "closed" : "opened", nowMs: this.context.clock.nowMs() });
  }
}

function contactOf(context: UnitContext, name: string, onPress: () => void): Contact {
  return new Runner<ContactState, ContactEvent, ContactEffect>(
    stepContact,
    contactAtStart,
    onPress,
    observerOf(context, name),
  );
}
