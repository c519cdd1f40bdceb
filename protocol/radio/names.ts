/** Names of presses, falls and accessory events, and which counters are new (radio 2.3): three rules that every receiver shares. */

const distanceLimit = 0xffff;

/** Whether a proven frame is newer than all that was heard of this sender under this key. Any gap is allowed: a gap means nothing. */
export function isNew(heard: number, counter: number): boolean {
  return counter > heard;
}

/** The name that a frame tells by its distance. A distance beyond the first counter is a broken sender's: then the frame names itself. */
export function nameOf(counter: number, distance: number): number {
  const name = counter - distance;
  return name < 1 ? counter : name;
}

/** The distance to tell for this name (0 to 65,535). 0, and so a new name, where the name is not below the counter or too far back. */
export function distanceTo(counter: number, name: number): number {
  const distance = counter - name;
  return name < 1 || distance < 0 || distance > distanceLimit ? 0 : distance;
}
