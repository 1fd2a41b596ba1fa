import { useState } from 'preact/hooks';
import type { CauseLine, DeadLettersAnswer } from '../../src/answers/dead-letters-answer.js';
import { counted, countText, instantText, quoted } from '../format.js';
import { Command } from '../parts/command.js';
import { EventType } from '../parts/event-type.js';
import { Empty, Failure, Loading } from '../parts/notices.js';
import { PurgeForm } from '../parts/purge-form.js';
import { RedriveForm } from '../parts/redrive-form.js';
import { RunningRedrive } from '../parts/running-redrive.js';
import { Scroll } from '../parts/scroll.js';
import type { ShownQueue } from '../parts/shown-queue.js';
import { Link, pathTo } from '../router.js';
import { addressOf } from '../server.js';
import { session } from '../session.js';
import { useAnswer } from '../use-answer.js';

/** The dead letters of a group and topic, by cause, and what can be done about them. */
export function DeadLetterQueueScreen({ topic, group }: { readonly topic: string; readonly group: string }) {
  const path = `/dead-letters/${encodeURIComponent(topic)}/${encodeURIComponent(group)}`;
  const { data, error, again } = useAnswer<DeadLettersAnswer>(addressOf(path));
  return (
    <>
      <p class="crumbs">
        <Link to="/dead-letters">Dead letters</Link> / <Link to={pathTo('topics', topic)}>{topic}</Link>
      </p>
      <h1 tabIndex={-1}>{group}</h1>
      <RunningRedrive topic={topic} group={group} onEnd={again} />
      {error !== undefined && <Failure error={error} again={again} />}
      {data === undefined && error === undefined && <Loading />}
      {data?.count === 0 && (
        <Empty title="No dead letters">
          <p>This group has handled everything, or what it dead-lettered was sent again or removed.</p>
        </Empty>
      )}
      {data !== undefined && data.count > 0 && (
        <>
          <p class="muted">
            {data.isCut
              ? `The first ${countText(data.count)} are shown. `
              : `${counted(data.count, 'dead letter')}. `}
            {data.redriven > 0 && `${countText(data.redriven)} were sent again before and came back. `}
            {data.unfit > 0 && `${countText(data.unfit)} cannot be sent again.`}
          </p>
          {data.causes.map((cause) => (
            <Cause
              key={`${cause.code} ${cause.eventType}`}
              queue={{ topic, group, path }}
              cause={cause}
              onChange={again}
            />
          ))}
        </>
      )}
      <Command text={`openedx-events dlq list -t ${quoted(topic)} -g ${quoted(group)}`} />
    </>
  );
}

interface CauseProps {
  readonly queue: ShownQueue;
  readonly cause: CauseLine;
  readonly onChange: () => void;
}

function Cause({ queue, cause, onChange }: CauseProps) {
  const [form, setForm] = useState<'redrive' | 'purge'>();
  const { code, eventType, count, oldest, newest, messages } = cause;
  const mayAct = session.value?.mayAct === true;
  const toggle = (name: 'redrive' | 'purge') => setForm(form === name ? undefined : name);
  const done = () => {
    setForm(undefined);
    onChange();
  };
  return (
    <section class="card cause">
      <header>
        <span class="count">{countText(count)}</span>
        <div>
          <h2>
            <code>{code ?? 'no dead letter'}</code> <EventType type={eventType} />
          </h2>
          <p class="muted">
            {instantText(oldest)} – {instantText(newest)}
          </p>
        </div>
        {mayAct && code !== null && (
          <div class="buttons">
            <button
              type="button"
              class="strong"
              aria-expanded={form === 'redrive'}
              onClick={() => toggle('redrive')}
            >
              Redrive…
            </button>
            <button
              type="button"
              class="danger"
              aria-expanded={form === 'purge'}
              onClick={() => toggle('purge')}
            >
              Purge…
            </button>
          </div>
        )}
      </header>
      <ul class="messages">
        {messages.map(([message, times]) => (
          <li key={message}>
            <span class="times">{countText(times)} ×</span>{' '}
            <code>{message === '' ? 'no message' : message}</code>
          </li>
        ))}
      </ul>
      {form === 'redrive' && <RedriveForm queue={queue} cause={cause} onStart={done} />}
      {form === 'purge' && <PurgeForm queue={queue} cause={cause} onDone={done} />}
      <Samples cause={cause} />
    </section>
  );
}

function Samples({ cause: { samples, count } }: { readonly cause: CauseLine }) {
  return (
    <details>
      <summary>
        {count > samples.length ? `The newest ${samples.length}` : counted(count, 'dead letter')}
      </summary>
      <Scroll label="Dead letters">
        <table class="lines">
          <thead>
            <tr>
              {['Died', 'Event', 'Source', 'Attempts', 'Redriven', 'Message'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {samples.map(({ position, diedAt, eventId, source, attempts, redrives, message, unfit }) => (
              <tr key={position}>
                <td class="time">{instantText(diedAt)}</td>
                <td>{eventId === null ? '?' : <Link to={pathTo('events', eventId)}>{eventId}</Link>}</td>
                <td>
                  <Source source={source} />
                </td>
                <td class="number">{countText(attempts)}</td>
                <td class="number">{countText(redrives)}</td>
                <td class={unfit === null ? '' : 'bad'}>{unfit ?? message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}

function Source({ source }: { readonly source: string | null }) {
  const at = source?.lastIndexOf('@') ?? -1;
  if (source === null || at < 0) return <span class="muted">?</span>;
  return <Link to={pathTo('topics', source.slice(0, at), source.slice(at + 1))}>{source}</Link>;
}
