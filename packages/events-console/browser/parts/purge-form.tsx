import { useState } from 'preact/hooks';
import type { CountAnswer } from '../../src/answers/action-answers.js';
import type { CauseLine } from '../../src/answers/dead-letters-answer.js';
import { counted, quoted } from '../format.js';
import { addressOf, change } from '../server.js';
import { causeOptions, causeQuery } from './cause-query.js';
import { Command } from './command.js';
import { Failure } from './notices.js';
import type { ShownQueue } from './shown-queue.js';

interface PurgeFormProps {
  readonly queue: ShownQueue;
  readonly cause: CauseLine;
  readonly onDone: () => void;
}

/** Removes dead letters for good, once their queue was typed. */
export function PurgeForm({ queue: { topic, group, path }, cause, onDone }: PurgeFormProps) {
  const [confirm, setConfirm] = useState('');
  const [error, setError] = useState<Error>();
  const target = `${topic}.${group}`;
  const purge = (event: Event) => {
    event.preventDefault();
    change<CountAnswer>(addressOf(`${path}/purge`), { ...causeQuery(cause), confirm }).then(onDone, setError);
  };
  return (
    <form class="notice bad" onSubmit={purge} aria-label="Purge">
      <p>
        {counted(cause.count, 'dead letter')} will be removed for good, and their events are lost for this
        group. To go on, type <code>{target}</code>.
      </p>
      <div class="row">
        <label>
          <span>Topic and group</span>
          <input
            autocomplete="off"
            spellcheck={false}
            value={confirm}
            onInput={(event) => setConfirm(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="danger" disabled={confirm !== target}>
          Purge
        </button>
      </div>
      {error !== undefined && <Failure error={error} />}
      <Command
        text={`openedx-events dlq purge -t ${quoted(topic)} -g ${quoted(group)}${causeOptions(cause)} --yes`}
      />
    </form>
  );
}
