/** An error for people: what was wrong, what to try, and the exit code. Everything else that is thrown is a mistake of ours. */

/** 0 done · 1 expectation or check failed · 2 wrong usage or bad input file · 3 environment · 4 refused for safety. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

export class UserError extends Error {
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(message: string, hint: string, exitCode: ExitCode) {
    super(message);
    this.name = "UserError";
    this.hint = hint;
    this.exitCode = exitCode;
  }
}
