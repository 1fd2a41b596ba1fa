import type { Delivery } from '@openedx-ts/events-core/bus';
import { whileAnswered } from './while-answered.js';

/** Yields what a reader yields. When the signal fires while it waits for a Redis that is silent, `interrupt` is called. */
export async function* interruptedWhenSilent(
  receiving: AsyncGenerator<readonly Delivery[]>,
  abortSignal: AbortSignal,
  interrupt: () => void,
): AsyncGenerator<readonly Delivery[]> {
  let step = receiving.next();
  const onStop = () =>
    void whileAnswered(
      step.catch(() => {}),
      interrupt,
    );
  abortSignal.addEventListener('abort', onStop, { once: true });
  try {
    for (let result = await step; !result.done; result = await step) {
      yield result.value;
      step = receiving.next();
    }
  } finally {
    abortSignal.removeEventListener('abort', onStop);
    await receiving.return(undefined);
  }
}
