import type { ComponentChildren } from 'preact';
import type { EventAnswer, HeaderLine } from '../../src/answers/event-answer.js';
import { bytesText, instantText, quoted } from '../format.js';
import { CodeBlock } from '../parts/code-block.js';
import { Command } from '../parts/command.js';
import { EventType } from '../parts/event-type.js';
import { Fates } from '../parts/fates.js';
import { JsonView } from '../parts/json-view.js';
import { Failure, Loading } from '../parts/notices.js';
import { ResendForm } from '../parts/resend-form.js';
import { Schemas } from '../parts/schemas.js';
import { changeQuery, Link, pathTo, place } from '../router.js';
import { addressOf } from '../server.js';
import { session, unmaskQuery } from '../session.js';
import { useAnswer } from '../use-answer.js';

/** Everything about one event. The address is a permalink. */
export function EventScreen({ topic, position }: { readonly topic: string; readonly position: string }) {
  const path = `/topics/${encodeURIComponent(topic)}/events/${encodeURIComponent(position)}`;
  const { data, error, again } = useAnswer<EventAnswer>(addressOf(path, unmaskQuery()));
  return (
    <>
      <p class="crumbs">
        <Link to={pathTo('topics', topic)}>{topic}</Link> / <code>{position}</code>
      </p>
      <h1 tabIndex={-1}>
        {data === undefined ? `${topic}@${position}` : <EventType type={data.eventType} />}
      </h1>
      {error !== undefined && <Failure error={error} again={again} />}
      {data === undefined && error === undefined && <Loading />}
      {data !== undefined && <Details event={data} />}
    </>
  );
}

function Details({ event }: { readonly event: EventAnswer }) {
  const { topic, id, storedAt, bytes, isMasked, fates, traceId } = event;
  const traceUrl = session.value?.traceUrl;
  return (
    <>
      <dl class="facts">
        <Fact name="Id">
          <code>{id ?? '?'}</code>
        </Fact>
        <Fact name="Stored">{instantText(storedAt)}</Fact>
        <Fact name="Lane">
          <code>{event.lane}</code>
        </Fact>
        <Fact name="Size">{bytesText(bytes)}</Fact>
        {traceId !== null && (
          <Fact name="Trace">
            {traceUrl == null ? (
              <code>{traceId}</code>
            ) : (
              <a href={traceUrl.replace('{traceId}', traceId)} rel="noreferrer">
                <code>{traceId}</code>
              </a>
            )}
          </Fact>
        )}
      </dl>
      <section class="card" aria-labelledby="fates">
        <h2 id="fates">What became of it</h2>
        <Fates topic={topic} fates={fates} />
      </section>
      {isMasked && (
        <p class="muted">Personal data, the key and headers that nobody declared are hidden (***).</p>
      )}
      <Parts event={event} />
      {session.value?.mayAct === true && event.data !== null && !topic.endsWith('.dlq') && (
        <Resend event={event} />
      )}
      {id !== null && <Command text={`openedx-events where ${quoted(id)} -t ${quoted(topic)}`} />}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The form is opened by the address, too. */
function Resend({ event }: { readonly event: EventAnswer }) {
  const isOpen = place.value.query.get('edit') === '1';
  return isOpen ? (
    <ResendForm event={event} />
  ) : (
    <button type="button" class="wide" onClick={() => changeQuery({ edit: '1' })}>
      Edit and resend…
    </button>
  );
}

const PARTS = ['data', 'metadata', 'headers', 'bytes', 'schemas'] as const;
type Part = (typeof PARTS)[number];

/** The parts of an event, one at a time; which one stands in the address. */
function Parts({ event }: { readonly event: EventAnswer }) {
  const asked = place.value.query.get('part');
  const part = PARTS.find((name) => name === asked) ?? 'data';
  const onKey = (pressed: KeyboardEvent) => {
    const step = pressed.key === 'ArrowRight' ? 1 : pressed.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const next = PARTS[(PARTS.indexOf(part) + step + PARTS.length) % PARTS.length] as Part;
    changeQuery({ part: next === 'data' ? '' : next });
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <section class="card">
      <div role="tablist" aria-label="Parts of the event" class="tabs" onKeyDown={onKey}>
        {PARTS.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === part}
            aria-controls="part"
            tabIndex={name === part ? 0 : -1}
            onClick={() => changeQuery({ part: name === 'data' ? '' : name })}
          >
            {name}
          </button>
        ))}
      </div>
      <div id="part" role="tabpanel" aria-labelledby={`tab-${part}`}>
        <PartOf event={event} part={part} />
      </div>
    </section>
  );
}

function PartOf({ event, part }: { readonly event: EventAnswer; readonly part: Part }) {
  switch (part) {
    case 'headers':
      return <Headers headers={event.headers} keyBytes={event.keyBytes} />;
    case 'bytes':
      return event.hex === null ? (
        <p class="muted">The bytes hold personal data. They are shown to those who may see these.</p>
      ) : (
        <CodeBlock label="Bytes of the value">
          {event.hex.replace(/.{32}/g, '$&\n').replace(/[0-9a-f]{2}(?=[0-9a-f])/g, '$& ')}
        </CodeBlock>
      );
    case 'schemas':
      return <Schemas {...event.schemas} />;
    default: {
      const text = event[part];
      return text === null ? (
        <Failure error={new Error(event.problem ?? 'it cannot be read')} />
      ) : (
        <JsonView text={text} label={part} />
      );
    }
  }
}

function Headers({
  headers,
  keyBytes,
}: {
  readonly headers: readonly HeaderLine[];
  readonly keyBytes: number | null;
}) {
  return (
    <>
      <table class="lines">
        <thead>
          <tr>
            <th scope="col">Header</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {headers.map(({ name, value, isMasked }, index) => (
            <tr key={index}>
              <td>
                <code>{name}</code>
              </td>
              <td class={isMasked ? 'muted' : ''}>
                <code>{value ?? 'null'}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted">Key: {keyBytes === null ? 'none' : bytesText(keyBytes)}</p>
    </>
  );
}
