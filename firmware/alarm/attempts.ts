/** Messages under way: started over one path, ended by an answer, a failure, or a newer one over the same path. */
import { type Attempt, attemptLimit, reportOf, type Turn } from "./alarm-state.ts";
import { kindsByUrgency, type Path, type Report, type Route } from "./report.ts";

/**
 * Starts a message over one path; an older one of the same session over that path ends. Where no more may be under way and
 * all are more urgent, nothing is sent and the answer is false: whoever asked has its own time to try again.
 */
export function send(turn: Turn, report: Report, part: number, path: Path, what: Attempt["what"]): boolean {
  stopAttempts(
    turn,
    (old) =>
      old.number === report.number &&
      old.part === part &&
      old.path.route === path.route &&
      old.path.receiver === path.receiver,
  );
  if (turn.attempts.length >= attemptLimit) {
    const least = leastUrgent(turn);
    if (urgencyOf(turn, least.number, least.what) < urgencyOf(turn, report.number, what)) return false;
    stopAttempts(turn, (old) => old === least);
  }
  const attempt: Attempt = {
    id: turn.nextAttempt,
    number: report.number,
    part,
    what,
    path,
    startedMs: turn.nowMs,
    carriedMs: -1,
  };
  turn.nextAttempt += 2;
  turn.attempts.push(attempt);
  turn.sends++;
  turn.effects.push({ type: "send", attempt, report });
  return true;
}

/** Ends the attempts that `which` picks: nothing more is sent for them. */
export function stopAttempts(turn: Turn, which: (attempt: Attempt) => boolean): void {
  const left: Attempt[] = [];
  for (const attempt of turn.attempts) {
    if (which(attempt)) turn.effects.push({ type: "stop", attempt: attempt.id });
    else left.push(attempt);
  }
  turn.attempts = left;
}

/** Removes and answers the attempt, or undefined where it is not under way. */
export function takeAttempt(turn: Turn, id: number): Attempt | undefined {
  for (let i = 0; i < turn.attempts.length; i++) {
    const attempt = turn.attempts[i] as Attempt;
    if (attempt.id !== id) continue;
    turn.attempts.splice(i, 1);
    return attempt;
  }
  return undefined;
}

/** The path to one receiver for what goes there and no further: the active route first, the next one with each try. */
export function pathTo(turn: Turn, receiver: number, tries: number): Path {
  const routes = routesInOrder(turn);
  return { route: routes[tries % routes.length] as Route, receiver };
}

export function routesInOrder(turn: Turn): Route[] {
  const routes: Route[] = [turn.active];
  for (const route of turn.plan.routes) if (route !== turn.active) routes.push(route);
  return routes;
}

/** The oldest attempt of the least urgent report. */
function leastUrgent(turn: Turn): Attempt {
  let least = turn.attempts[0] as Attempt;
  for (const attempt of turn.attempts) {
    if (urgencyOf(turn, attempt.number, attempt.what) > urgencyOf(turn, least.number, least.what)) least = attempt;
  }
  return least;
}

/** What only withdraws counts as technical. */
function urgencyOf(turn: Turn, number: number, what: Attempt["what"]): number {
  const report = reportOf(turn, number);
  if (report === undefined) return kindsByUrgency.length;
  const own = kindsByUrgency.indexOf(report.facts.kind);
  return what === "RE" ? Math.max(own, kindsByUrgency.indexOf("technical")) : own;
}
