/** Thrown where a wait ends because the consumer stops or its lane is lost. Never leaves `consuming/`. */
export class Abandoned extends Error {}
