/** Events of a talk against what was expected, and as words in errors. */
import type { ConsoleEvent } from "../../protocol/console/messages.ts";

/** Such as `lamp signal=accepted`. */
export function textOf(type: string, fields: object): string {
  return [type, ...Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`)].join(" ");
}

export function wordsOf({ type, ...fields }: ConsoleEvent): string {
  return textOf(type, fields);
}

export function fits(event: ConsoleEvent | undefined, type: string, fields: object): boolean {
  return (
    event?.type === type && Object.entries(fields).every(([name, value]) => event[name as keyof ConsoleEvent] === value)
  );
}

/** Whether it answers the command with that number. */
export function answers(event: ConsoleEvent | undefined, to: number): boolean {
  return event !== undefined && "to" in event && event.to === to;
}
