/** How the parts of a house put down what they do and what happens to them: into the unit's lane of the digest. */

/** `part` names the part, `what` is plain data; read at once and never kept. */
export type Note = (part: string, what: object) => void;
