/** Waits for work until the signal fires. The work goes on; its outcome is ignored then. @returns undefined when it fires first */
export function unlessAborted<T>(abortSignal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const aborted = () => resolve(undefined);
    if (abortSignal.aborted) aborted();
    abortSignal.addEventListener('abort', aborted, { once: true });
    work.then(resolve, reject).finally(() => abortSignal.removeEventListener('abort', aborted));
  });
}
