import { useState } from 'preact/hooks';
import type { CountAnswer, JobAnswer } from '../../src/answers/action-answers.js';
import type { CauseLine } from '../../src/answers/dead-letters-answer.js';
import { counted, quoted } from '../format.js';
import { addressOf, change } from '../server.js';
import { useAnswer } from '../use-answer.js';
import { causeOptions, causeQuery } from './cause-query.js';
import { Command } from './command.js';
import { Failure } from './notices.js';
import type { ShownQueue } from './shown-queue.js';

interface RedriveFormProps {
  readonly queue: ShownQueue;
  readonly cause: CauseLine;
  readonly onStart: () => void;
}

/** Shows how many dead letters would be sent again, and starts that, at a rate. */
export function RedriveForm({ queue: { topic, group, path }, cause, onStart }: RedriveFormProps) {
  const [rate, setRate] = useState('');
  const [allGroups, setAllGroups] = useState(false);
  const [error, setError] = useState<Error>();
  const preview = useAnswer<CountAnswer>(addressOf(`${path}/redrive`, causeQuery(cause)));
  const start = (event: Event) => {
    event.preventDefault();
    const ratePerSecond = rate === '' ? {} : { ratePerSecond: Number(rate) };
    change<JobAnswer>(addressOf(`${path}/redrive`), {
      ...causeQuery(cause),
      ...ratePerSecond,
      allGroups,
    }).then(onStart, setError);
  };
  const options = `${causeOptions(cause)}${allGroups ? ' --all-groups' : ''}${rate === '' ? '' : ` --rate ${quoted(rate)}`}`;
  return (
    <form class="notice" onSubmit={start} aria-label="Redrive">
      <p role="status">
        {preview.data === undefined
          ? 'Counting…'
          : `${counted(preview.data.count, 'event')} would be sent again${preview.data.unfit > 0 ? `; ${preview.data.unfit} cannot be` : ''}.`}
      </p>
      <div class="row">
        <label>
          <span>Events a second, at most</span>
          <input
            type="number"
            min="1"
            placeholder="as fast as the bus takes them"
            value={rate}
            onInput={(event) => setRate(event.currentTarget.value)}
          />
        </label>
        <button
          type="submit"
          class="strong"
          disabled={preview.data === undefined || preview.data.count === 0}
        >
          Redrive
        </button>
      </div>
      <label class="check">
        <input type="checkbox" checked={allGroups} onChange={() => setAllGroups(!allGroups)} />
        <span>
          Send them to every group of the topic, also to those that have handled them; otherwise {group} alone
          receives them, and one of its consumers must run
        </span>
      </label>
      {(error ?? preview.error) !== undefined && <Failure error={(error ?? preview.error) as Error} />}
      <Command text={`openedx-events dlq redrive -t ${quoted(topic)} -g ${quoted(group)}${options}`} />
    </form>
  );
}
