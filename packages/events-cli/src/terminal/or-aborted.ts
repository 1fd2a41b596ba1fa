/** Waits for a promise until the signal is aborted, and then rejects with the signal's reason. */
export function orAborted<T>(promise: Promise<T>, abortSignal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(abortSignal.reason);
    if (abortSignal.aborted) stop();
    abortSignal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => abortSignal.removeEventListener('abort', stop));
  });
}
