/** What the number that a command ends with says: for `UserError`, the help, `livlina explain` and the README alike. */

export interface ExitMeaning {
  readonly code: number;
  readonly meaning: string;
  readonly next: string;
}

export const exitCodes: readonly ExitMeaning[] = [
  { code: 0, meaning: "done", next: "nothing is left to do" },
  { code: 1, meaning: "an expectation or a check failed", next: "the command's own lines name what did not hold" },
  { code: 2, meaning: "wrong usage, or a bad input file", next: "the line that begins with `try:`, or --help" },
  {
    code: 3,
    meaning: "the environment: a port in use, a folder that cannot be written, a server that is missing",
    next: "`livlina doctor` tells what is here and what is missing",
  },
  {
    code: 4,
    meaning: "refused for safety: an address beyond loopback that was not allowed, a unit whose alarm waits",
    next: "the line that begins with `try:` says what makes it safe, or the flag that allows it",
  },
  { code: 130, meaning: "interrupted by Ctrl-C: what was there is whole, and says so", next: "start it again" },
  { code: 143, meaning: "interrupted by SIGTERM: what was there is whole, and says so", next: "start it again" },
];
