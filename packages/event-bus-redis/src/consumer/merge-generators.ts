/**
 * Yields what several generators yield, as it comes. Each continues only when its last value was consumed. When one of
 * them throws, or the consumer ends, all are ended.
 */
export async function* mergeGenerators<T>(generators: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const results: Settled<T>[] = [];
  let wake = () => {};
  const request = (generator: AsyncGenerator<T>) => {
    const settle = (result: Settled<T>) => {
      results.push(result);
      wake();
    };
    generator.next().then(
      (result) => settle({ generator, result }),
      (error: unknown) => settle({ generator, error }),
    );
  };
  for (const generator of generators) request(generator);
  try {
    for (let open = generators.length; open > 0; ) {
      const settled = results.shift();
      if (settled === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      if ('error' in settled) throw settled.error;
      if (settled.result.done) {
        open -= 1;
        continue;
      }
      yield settled.result.value;
      request(settled.generator);
    }
  } finally {
    await Promise.allSettled(generators.map((generator) => generator.return(undefined)));
  }
}

type Settled<T> =
  | { readonly generator: AsyncGenerator<T>; readonly result: IteratorResult<T> }
  | { readonly generator: AsyncGenerator<T>; readonly error: unknown };
