/** What receivers do besides keeping the journal. */
export interface ReceiverTask {
  /** Events that are hard on them. */
  readonly fault?: ReceiverFault;
  /** Where effects are noted, and that they happened. */
  readonly inbox?: InboxAddress;
}

/** One event in `every` of each producer is hard on receivers, at every delivery and in every process. */
export interface ReceiverFault {
  readonly every: number;
  /** How many events one after another are hard each time. @defaultValue 1 */
  readonly inARow?: number;
  /** `kills`: SIGKILL of its own process, as by a system that has no memory left. */
  readonly is: 'throws' | 'kills' | 'hangs' | 'takes-long';
  /** How long it takes. */
  readonly ms?: number;
}

/** A store that consumers share. */
export type InboxAddress =
  | { readonly in: 'postgres'; readonly url: string }
  | { readonly in: 'redis'; readonly url: string; readonly leaseMs: number };

/** Whether an event is hard on receivers. The first and the last event of a producer never are. */
export function isHard(
  sequence: number,
  { every, inARow = 1 }: Pick<ReceiverFault, 'every' | 'inARow'>,
): boolean {
  const place = (sequence % every) - Math.floor(every / 2);
  return place >= 0 && place < inARow;
}
