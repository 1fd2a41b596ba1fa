import { useEffect, useRef, useState } from 'preact/hooks';

/** Whether server-sent events arrive. */
export type LiveState = 'connecting' | 'live' | 'paused' | 'failed';

/**
 * Follows the server-sent events of an address until it changes or the component goes. The browser connects again by itself.
 *
 * @param address undefined pauses
 */
export function useLive<T>(
  address: string | undefined,
  onEvent: (event: T) => void,
): { readonly state: LiveState; readonly failure: string | undefined } {
  const handler = useRef(onEvent);
  handler.current = onEvent;
  const [state, setState] = useState<LiveState>('connecting');
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    setFailure(undefined);
    if (address === undefined) {
      setState('paused');
      return undefined;
    }
    setState('connecting');
    const source = new EventSource(address);
    source.onopen = () => setState('live');
    source.onmessage = ({ data }: MessageEvent<string>) => handler.current(JSON.parse(data) as T);
    source.onerror = () => setState(source.readyState === EventSource.CLOSED ? 'failed' : 'connecting');
    source.addEventListener('failure', ({ data }) => {
      setFailure((JSON.parse(data as string) as { message: string }).message);
      setState('failed');
    });
    return () => source.close();
  }, [address]);
  return { state, failure };
}
