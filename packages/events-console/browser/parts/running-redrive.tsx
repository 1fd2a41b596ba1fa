import { useEffect, useRef, useState } from 'preact/hooks';
import type { JobAnswer } from '../../src/answers/action-answers.js';
import { countText } from '../format.js';
import { addressOf, change } from '../server.js';
import { session } from '../session.js';
import { useLive } from '../use-live.js';
import { Failure } from './notices.js';

interface RunningRedriveProps {
  readonly topic: string;
  readonly group: string;
  /** Called when a redrive that ran has ended. */
  readonly onEnd: () => void;
}

/** The newest redrive of a queue: its progress while it runs, and how it ended. */
export function RunningRedrive({ topic, group, onEnd }: RunningRedriveProps) {
  const [jobs, setJobs] = useState<readonly JobAnswer[]>();
  const [error, setError] = useState<Error>();
  useLive<{ readonly jobs: readonly JobAnswer[] }>(addressOf('/redrives/live'), (answer) =>
    setJobs(answer.jobs),
  );
  const job = jobs?.find((one) => one.topic === topic && one.groupId === group);
  const known = useRef<string | undefined>(undefined);
  const isRunning = job?.state === 'running';
  const now = jobs === undefined ? undefined : `${job?.id} ${job?.state}`;
  useEffect(() => {
    // A short one is over before it was seen to run.
    if (known.current !== undefined && known.current !== now && !isRunning) onEnd();
    known.current = now;
  }, [now, isRunning, onEnd]);
  if (job === undefined) return null;
  const stop = () => void change(addressOf(`/redrives/${job.id}/stop`), {}).catch(setError);
  return (
    <section class={`notice ${job.state === 'failed' ? 'bad' : ''}`} aria-label="Redrive">
      <p role="status">
        {STATES[job.state]}: {countText(job.redriven)} of {countText(job.selected)} sent again
        {job.unfit > 0 ? `, ${countText(job.unfit)} cannot be` : ''}
        {job.waitsFor === null
          ? ''
          : `. It waits up to 30 s for a member of the group to read ${job.waitsFor}`}
        {job.failure === null ? '' : `. ${job.failure}`}
      </p>
      <progress
        max={Math.max(1, job.selected)}
        value={job.redriven + job.unfit}
        aria-label="Progress of the redrive"
      />
      {isRunning && session.value?.mayAct === true && (
        <button type="button" class="danger" onClick={stop}>
          Stop
        </button>
      )}
      {job.reasons.length > 0 && (
        <ul>
          {job.reasons.slice(0, 10).map(({ position, reason }) => (
            <li key={position}>
              <code>{position}</code> {reason}
            </li>
          ))}
        </ul>
      )}
      {error !== undefined && <Failure error={error} />}
    </section>
  );
}

const STATES = {
  running: 'Redrive is running',
  done: 'Redrive is done',
  stopped: 'Redrive was stopped',
  failed: 'Redrive failed',
} as const;
