/** The keys on the unit itself. */
export type KeyName = "help" | "cancel" | "query" | "presence" | "away";

export interface KeysOptions {
  /** The level of a key changed; bounces are reported as they come. */
  readonly onChange: (key: KeyName, closed: boolean) => void;
}

export interface Keys {
  /** After close() no callback comes any more. */
  close(): void;
}

export type OpenKeys = (options: KeysOptions) => Keys;
