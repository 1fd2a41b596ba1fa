import { useState } from 'preact/hooks';
import type { WhereAnswer } from '../../src/answers/where-answer.js';
import { counted, instantText, quoted } from '../format.js';
import { Command } from '../parts/command.js';
import { EventType } from '../parts/event-type.js';
import { Fates } from '../parts/fates.js';
import { Empty, Failure, Loading } from '../parts/notices.js';
import { changeQuery, Link, pathTo, place } from '../router.js';
import { addressOf } from '../server.js';
import { useAnswer } from '../use-answer.js';

/** Where an event is, and what became of it. */
export function WhereScreen({ id }: { readonly id: string }) {
  const { query } = place.value;
  const asked = { since: query.get('since') ?? undefined, after: query.get('after') ?? undefined };
  const { data, error, again } = useAnswer<WhereAnswer>(
    addressOf(`/events/${encodeURIComponent(id)}`, asked),
  );
  const needsTime = error?.message.includes('holds no time') === true;
  return (
    <>
      <h1 tabIndex={-1}>
        Event <code>{id}</code>
      </h1>
      {needsTime ? <Since /> : error !== undefined && <Failure error={error} again={again} />}
      {data === undefined && error === undefined && <Loading />}
      {data !== undefined && <Places data={data} />}
      <Command
        text={`openedx-events where ${quoted(id)}${asked.since === undefined ? '' : ` --since ${quoted(asked.since)}`}`}
      />
    </>
  );
}

function Places({ data: { places, looked, stoppedAt } }: { readonly data: WhereAnswer }) {
  return (
    <>
      {places.length === 0 && (
        <Empty title="Not found">
          <p>
            {counted(looked, 'event')} looked at. It was sent at another time, to another bus, or the broker
            has deleted it.
          </p>
        </Empty>
      )}
      {places.map(({ topic, position, storedAt, eventType, isStored, fates }) => (
        <section key={`${topic}@${position}`} class="card">
          <h2>
            {isStored ? (
              <Link to={pathTo('topics', topic, position)}>{`${topic}@${position}`}</Link>
            ) : (
              `${topic}@${position}`
            )}
          </h2>
          <p class="muted">
            <EventType type={eventType} /> ·{' '}
            {isStored ? instantText(storedAt) : 'the broker has deleted it, a dead letter is left'}
          </p>
          <Fates topic={topic} fates={fates} />
        </section>
      ))}
      {stoppedAt !== null && (
        <button type="button" class="wide" onClick={() => changeQuery({ after: stoppedAt })}>
          Search on behind {stoppedAt}
        </button>
      )}
    </>
  );
}

/** For ids that hold no time. */
function Since() {
  const [since, setSince] = useState('');
  const search = (event: Event) => {
    event.preventDefault();
    changeQuery({ since });
  };
  return (
    <form class="card" onSubmit={search}>
      <p>This id holds no time. Since when shall it be looked for?</p>
      <label>
        <span>Stored since</span>
        <input
          required
          placeholder="2026-01-31T12:00Z"
          value={since}
          onInput={(event) => setSince(event.currentTarget.value)}
        />
      </label>
      <div class="buttons">
        <button type="submit" class="strong">
          Search
        </button>
      </div>
    </form>
  );
}
