import { useState } from 'preact/hooks';
import type { OverviewAnswer } from '../src/answers/overview-answer.js';
import { addressOf } from './server.js';
import { useLive } from './use-live.js';

/** The state of the bus, every two seconds. */
export function useOverview(): {
  readonly data: OverviewAnswer | undefined;
  readonly error: Error | undefined;
} {
  const [data, setData] = useState<OverviewAnswer>();
  const { state, failure } = useLive<OverviewAnswer>(addressOf('/overview/live'), setData);
  const reason = failure ?? (state === 'failed' ? 'the console cannot be reached' : undefined);
  return { data, error: reason === undefined ? undefined : new Error(reason) };
}
