import { runtime } from '@openedx-ts/events-core/bus';

/**
 * Keeps the answer to a question for a time, and asks once where several ask at the same time. A failure is not kept.
 *
 * @param ask the question
 * @param forMs how long the answer is good, in milliseconds
 */
export function keptAnswer<T>(ask: () => Promise<T>, forMs: number): () => Promise<T> {
  let kept: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    const now = runtime().clock.monotonic();
    if (kept !== undefined && now - kept.at < forMs) return kept.answer;
    const answer = ask();
    const asked = { at: now, answer };
    kept = asked;
    answer.catch(() => {
      if (kept === asked) kept = undefined;
    });
    return answer;
  };
}
