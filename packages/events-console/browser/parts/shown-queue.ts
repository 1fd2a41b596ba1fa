/** The dead letters that a form is about. */
export interface ShownQueue {
  readonly topic: string;
  readonly group: string;
  /** Of the interface. */
  readonly path: string;
}
