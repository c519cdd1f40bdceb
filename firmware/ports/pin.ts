/** One digital input, such as the contact of a button. */
export interface InputOptions {
  /** The level changed; bounces are reported as they come. */
  readonly onChange: (closed: boolean) => void;
}

export interface Input {
  /** After close() no callback comes any more. */
  close(): void;
}

export type OpenInput = (options: InputOptions) => Input;
