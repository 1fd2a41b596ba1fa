import { runtime } from '@openedx-ts/events-core/bus';

/**
 * Keeps the answer to a question for a time, and asks once where several ask before it is there, however long that takes.
 * A failure is not kept.
 *
 * @param ask the question
 * @param forMs how long the answer is good once it is there, in milliseconds
 */
export function keptAnswer<T>(ask: () => Promise<T>, forMs: number): () => Promise<T> {
  let kept: { readonly answer: Promise<T>; goodUntil: number } | undefined;
  return () => {
    if (kept !== undefined && runtime().clock.monotonic() < kept.goodUntil) return kept.answer;
    const asked = { answer: ask(), goodUntil: Number.POSITIVE_INFINITY };
    kept = asked;
    asked.answer.then(
      () => {
        asked.goodUntil = runtime().clock.monotonic() + forMs;
      },
      () => {
        if (kept === asked) kept = undefined;
      },
    );
    return asked.answer;
  };
}
