import { useCallback, useEffect, useState } from 'preact/hooks';
import { read } from './server.js';

/** What the server answered so far. */
export interface Answered<T> {
  readonly data: T | undefined;
  readonly error: Error | undefined;
  /** Asks again. */
  readonly again: () => void;
}

/** Asks the server whenever the address changes; the answer of the address before is forgotten. */
export function useAnswer<T>(address: string): Answered<T> {
  const [state, setState] = useState<{ address: string; data?: T; error?: Error }>({ address });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    read<T>(address, stop.signal).then(
      (data) => setState({ address, data }),
      (error: Error) => {
        if (!stop.signal.aborted) setState({ address, error });
      },
    );
    return () => stop.abort();
  }, [address, round]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  const isOld = state.address !== address;
  return { data: isOld ? undefined : state.data, error: isOld ? undefined : state.error, again };
}
