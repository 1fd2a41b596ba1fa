import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { EventLine, EventsAnswer } from '../../src/answers/events-answer.js';
import { counted, quoted } from '../format.js';
import { Command } from '../parts/command.js';
import { EventRows } from '../parts/event-rows.js';
import { FILTER_NAMES, Filters } from '../parts/filters.js';
import { Empty, Failure, Loading } from '../parts/notices.js';
import { changeQuery, place } from '../router.js';
import { addressOf, read } from '../server.js';
import { unmaskQuery } from '../session.js';
import { useAnswer } from '../use-answer.js';
import { useLive } from '../use-live.js';

/** The newest events of a topic, and those that arrive. */
export function TopicScreen({ topic }: { readonly topic: string }) {
  const { query } = place.value;
  const filters = Object.fromEntries(FILTER_NAMES.map((name) => [name, query.get(name) ?? undefined]));
  const asked = { ...filters, ...unmaskQuery() };
  const path = `/topics/${encodeURIComponent(topic)}`;
  const isPaused = query.get('live') === 'off';
  const resumed = useTimesResumed(isPaused);
  return (
    <>
      <h1 tabIndex={-1}>{topic}</h1>
      <Filters />
      <Events key={`${resumed} ${JSON.stringify(asked)}`} path={path} asked={asked} isPaused={isPaused} />
      <Command
        text={`openedx-events consume -t ${quoted(topic)} -g my-group --from earliest`}
        label="Events as a command"
      />
    </>
  );
}

/** How often a pause has ended: what arrived in it is read anew. */
function useTimesResumed(isPaused: boolean): number {
  const known = useRef({ isPaused, times: 0 });
  const { current } = known;
  if (current.isPaused && !isPaused) current.times += 1;
  current.isPaused = isPaused;
  return current.times;
}

interface EventsProps {
  readonly path: string;
  readonly asked: Readonly<Record<string, string | undefined>>;
  readonly isPaused: boolean;
}

function Events({ path, asked, isPaused }: EventsProps) {
  const newest = useAnswer<EventsAnswer>(addressOf(`${path}/events`, asked));
  const from = newest.data?.end;
  const { arrived, count, failure, ...live } = useArrivals(
    isPaused || from === undefined ? undefined : addressOf(`${path}/live`, { ...asked, from }),
  );
  const untilRead = newest.error === undefined ? 'connecting' : 'failed';
  const state = isPaused || from !== undefined ? live.state : untilRead;
  const older = useOlder(path, asked, newest.data);
  const known = new Set(newest.data?.events.map(({ position }) => position));
  const fresh = arrived.filter(({ position }) => !known.has(position));
  const events = [...fresh, ...(newest.data?.events ?? []), ...older.events];
  const isFiltered = Object.entries(asked).some(([name, value]) => name !== 'unmask' && value !== undefined);
  return (
    <>
      <div class="live">
        <span class={`dot ${state}`} aria-hidden="true" />
        <span role="status">{STATES[state]}</span>
        {count > 0 && <span class="muted">{counted(count, 'event')} arrived</span>}
        <button
          type="button"
          onClick={() => changeQuery({ live: isPaused ? '' : 'off' })}
          aria-pressed={isPaused}
        >
          {isPaused ? 'Follow' : 'Pause'}
        </button>
      </div>
      {failure !== undefined && <Failure error={new Error(failure)} />}
      {newest.error !== undefined && <Failure error={newest.error} again={newest.again} />}
      {newest.data === undefined && newest.error === undefined && <Loading />}
      {newest.data !== undefined && events.length === 0 && (
        <Empty title={isFiltered ? 'No event meets the filter' : 'No events yet'}>
          <p>
            {isFiltered
              ? `${counted(older.looked, 'event')} looked at. Those that arrive and meet it appear here.`
              : 'The next one appears here by itself.'}
          </p>
        </Empty>
      )}
      {events.length > 0 && <EventRows events={events} freshCount={fresh.length} />}
      {older.error !== undefined && <Failure error={older.error} />}
      {older.before !== null && newest.data !== undefined && (
        <button type="button" class="wide" onClick={older.more} disabled={older.isLoading}>
          {older.isLoading ? 'Loading…' : 'Older events'}
        </button>
      )}
    </>
  );
}

const STATES = {
  connecting: 'Connecting…',
  live: 'Live',
  paused: 'Paused',
  failed: 'Not live: the connection ended',
} as const;

/** The events that arrived, the newest first; drawn at most once a frame, and only the last few hundred are kept. */
function useArrivals(address: string | undefined) {
  const [shown, setShown] = useState<{ readonly arrived: readonly EventLine[]; readonly count: number }>({
    arrived: [],
    count: 0,
  });
  const waiting = useRef<EventLine[]>([]);
  const total = useRef(0); // also of those that were dropped before they were drawn
  const frame = useRef(0);
  const show = useCallback(() => {
    frame.current = 0;
    const added = waiting.current.splice(0);
    setShown(({ arrived }) => ({
      arrived: [...added.reverse(), ...arrived].slice(0, MAX_SHOWN),
      count: total.current,
    }));
  }, []);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  const live = useLive<{ readonly events: readonly EventLine[] }>(address, ({ events }) => {
    total.current += events.length;
    waiting.current.push(...events);
    if (waiting.current.length > MAX_SHOWN) waiting.current.splice(0, waiting.current.length - MAX_SHOWN);
    if (frame.current === 0) frame.current = requestAnimationFrame(show);
  });
  return { ...shown, ...live };
}

const MAX_SHOWN = 300;

/** Events before the first page, a page at a time. */
function useOlder(path: string, asked: EventsProps['asked'], first: EventsAnswer | undefined) {
  const [pages, setPages] = useState<readonly EventsAnswer[]>([]);
  const [isLoading, setLoading] = useState(false);
  const [error, setError] = useState<Error>();
  const all = first === undefined ? pages : [first, ...pages];
  const before = all.at(-1)?.before ?? null;
  const more = async () => {
    if (before === null) return;
    setLoading(true);
    setError(undefined);
    try {
      const page = await read<EventsAnswer>(addressOf(`${path}/events`, { ...asked, before }));
      setPages((known) => [...known, page]);
    } catch (failure) {
      setError(failure as Error);
    } finally {
      setLoading(false);
    }
  };
  const looked = all.reduce((sum, page) => sum + page.looked, 0);
  return {
    events: pages.flatMap((page) => page.events),
    before,
    looked,
    isLoading,
    error,
    more: () => void more(),
  };
}
