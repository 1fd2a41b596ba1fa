import { maskErrorWith } from '../personal-data/mask-error.js';
import { PersonalTexts } from '../personal-data/personal-texts.js';
import { count, durationMs, resolveOptions } from '../runtime/resolve-options.js';
import { runtime } from '../runtime/runtime.js';
import type { PayloadFields, Receiver, SignalEvent } from './signal.js';

/** How events are gathered. */
export interface BatchOptions {
  /** Most events of a batch. @defaultValue 100 */
  readonly maxSize?: number;
  /** How long the first event of a batch waits for others. @defaultValue 50 */
  readonly maxWaitMs?: number;
}

/**
 * A receiver that gets events in batches, for effects that are cheaper together. Only events that are in flight at once
 * can come together: give the consumer a `concurrency` of at least `maxSize`. Events of one key that a bus delivers
 * never share a batch, so their order is kept.
 *
 * @param receiver fails all events by throwing; or gives each its own fate by returning what `Promise.allSettled` does,
 *   in the order of the events
 * @throws InvalidOptionsError
 */
export function batchReceiver<F extends PayloadFields>(
  receiver: (events: readonly SignalEvent<F>[]) => unknown,
  options: BatchOptions = {},
): Receiver<F> {
  const rules = { maxSize: count(1, 100), maxWaitMs: durationMs(50) };
  const { maxSize, maxWaitMs } = resolveOptions<Required<BatchOptions>>('batchReceiver', options, rules);
  let open: Batch<F> | undefined;

  const close = (batch: Batch<F>): void => {
    if (open === batch) open = undefined;
    batch.isFull.abort();
  };
  const startBatch = (): Batch<F> => {
    const events: SignalEvent<F>[] = [];
    const isFull = new AbortController();
    const results = runtime()
      .clock.sleep(maxWaitMs, isFull.signal)
      .then(() => {
        close(batch);
        return receiver(events);
      });
    let texts: PersonalTexts | undefined;
    const shown = new Map<unknown, unknown>();
    const masked = (error: unknown) => {
      if (!shown.has(error)) {
        const textsOf = () => {
          texts ??= new PersonalTexts(events.map(({ signal, data }) => ({ shape: signal.shape, data })));
          return texts;
        };
        shown.set(error, maskErrorWith(error, textsOf));
      }
      return shown.get(error);
    };
    const batch: Batch<F> = { events, isFull, results, masked };
    return batch;
  };

  const gather = async (event: SignalEvent<F>): Promise<unknown> => {
    open ??= startBatch();
    const batch = open;
    const index = batch.events.push(event) - 1;
    if (batch.events.length >= maxSize) close(batch);
    try {
      return resultAt(await batch.results, index, batch.events.length);
    } catch (error) {
      throw batch.masked(error);
    }
  };
  return Object.defineProperty(gather, 'name', { value: receiver.name || 'batchReceiver' });
}

interface Batch<F extends PayloadFields> {
  readonly events: SignalEvent<F>[];
  readonly isFull: AbortController;
  readonly results: Promise<unknown>;
  /** An error may name every event of the batch, and becomes the error of each; it is masked once. */
  readonly masked: (error: unknown) => unknown;
}

function resultAt(results: unknown, index: number, size: number): unknown {
  if (!areSettled(results)) return results;
  if (results.length !== size)
    throw new Error(`batchReceiver: ${results.length} results for ${size} events; return one for each`);
  const result = results[index] as PromiseSettledResult<unknown>;
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

function areSettled(results: unknown): results is readonly PromiseSettledResult<unknown>[] {
  return (
    Array.isArray(results) &&
    results.length > 0 &&
    results.every((result) => result?.status === 'fulfilled' || result?.status === 'rejected')
  );
}
