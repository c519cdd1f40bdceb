/** The shape of everything that decides: (state, event) -> {state, effects}, a pure function. */
export interface Next<S, F> {
  readonly state: S;
  readonly effects: readonly F[];
}

export type Step<S, V, F> = (state: S, event: V) => Next<S, F>;

const nothing: readonly never[] = [];

/** Goes on in `state` and asks for `effects`, to be carried out in this order. */
export function go<S, F>(state: S, effects: readonly F[]): Next<S, F> {
  return { state, effects };
}

/** Nothing happens. */
export function stay<S, F>(state: S): Next<S, F> {
  return { state, effects: nothing };
}
