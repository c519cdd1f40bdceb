/** What an engine's runner calls in a guest's script: a global, since no other way to it is the same on every engine. */
declare let livlina: {
  start(head: string, telling: import("./replay.ts").Telling): string;
  hear(line: string): string;
  vectors(kind: string, text: string): string;
};
