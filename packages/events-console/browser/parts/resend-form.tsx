import { useState } from 'preact/hooks';
import type { SentAnswer } from '../../src/answers/action-answers.js';
import type { EventAnswer } from '../../src/answers/event-answer.js';
import { quoted } from '../format.js';
import { Link, pathTo } from '../router.js';
import { addressOf, change } from '../server.js';
import { Command } from './command.js';
import { Failure } from './notices.js';

/** Sends a new event with the data of this one, edited or not. */
export function ResendForm({ event }: { readonly event: EventAnswer }) {
  const { topic, position, eventType, isMasked } = event;
  const [data, setData] = useState(event.data ?? '');
  const [sent, setSent] = useState<SentAnswer>();
  const [error, setError] = useState<Error>();
  const send = (submitted: Event) => {
    submitted.preventDefault();
    setError(undefined);
    const path = `/topics/${encodeURIComponent(topic)}/events/${encodeURIComponent(position)}/send`;
    change<SentAnswer>(addressOf(path), { data }).then(setSent, setError);
  };
  return (
    <form class="card" onSubmit={send} aria-label="Edit and resend">
      <h2>Edit and resend</h2>
      <p class="muted">
        A new event with a new id is sent to {topic}, and every group of the topic receives it.
        {isMasked && ' What is left as *** is taken from this event.'}
      </p>
      <label>
        <span>Data</span>
        <textarea
          rows={16}
          spellcheck={false}
          value={data}
          onInput={({ currentTarget }) => setData(currentTarget.value)}
        />
      </label>
      <div class="buttons">
        <button type="submit" class="strong">
          Send
        </button>
      </div>
      {error !== undefined && <Failure error={error} />}
      {sent !== undefined && (
        <p class="notice" role="status">
          <span>
            Sent:{' '}
            <Link to={pathTo('topics', sent.topic, sent.position)}>{`${sent.topic}@${sent.position}`}</Link>
          </span>
        </p>
      )}
      <Command
        text={`openedx-events produce --type ${quoted(eventType ?? '')} --topic ${quoted(topic)} events.jsonl`}
      />
    </form>
  );
}
