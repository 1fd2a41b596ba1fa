/**
 * Waits for work until the signal fires. The work goes on then, and its outcome is ignored. Unlike a race with a promise
 * that lasts as long as the signal, it keeps no result.
 *
 * @returns the result of the work; undefined when the signal fires first
 * @throws what the work throws before that
 */
export function unlessAborted<T>(abortSignal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const aborted = () => resolve(undefined);
    if (abortSignal.aborted) aborted();
    abortSignal.addEventListener('abort', aborted, { once: true });
    work.then(resolve, reject).finally(() => abortSignal.removeEventListener('abort', aborted));
  });
}
