/** What receivers do besides keeping the journal. */
export interface ReceiverTask {
  /** Events that are hard on them. */
  readonly fault?: ReceiverFault;
  /** Where effects are noted, and that they happened. */
  readonly inbox?: InboxAddress;
}

/** Of the events of each producer every so manieth is hard on receivers, whenever and wherever it comes. */
export interface ReceiverFault {
  readonly every: number;
  /** `kills`: SIGKILL of its own process, as by a system that has no memory left. */
  readonly is: 'throws' | 'kills' | 'hangs' | 'takes-long';
  /** How long it takes. */
  readonly ms?: number;
}

/** A store that consumers share. */
export type InboxAddress =
  | { readonly in: 'postgres'; readonly url: string }
  | { readonly in: 'redis'; readonly url: string; readonly leaseMs: number };

/** Whether an event is one of those; none is the first or the last of its producer. */
export function isHard(sequence: number, { every }: Pick<ReceiverFault, 'every'>): boolean {
  return sequence % every === Math.floor(every / 2);
}
