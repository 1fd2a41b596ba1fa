import type { EventLine } from '../../src/answers/events-answer.js';
import { bytesText, instantText, timeText } from '../format.js';
import { Link, pathTo } from '../router.js';
import { EventType } from './event-type.js';
import { Scroll } from './scroll.js';

/** Events as rows of a table; the first `freshCount` have arrived while somebody looked. */
export function EventRows({
  events,
  freshCount,
}: {
  readonly events: readonly EventLine[];
  readonly freshCount: number;
}) {
  return (
    <Scroll label="Events">
      <table class="lines events">
        <thead>
          <tr>
            <th scope="col">Stored</th>
            <th scope="col">Type</th>
            <th scope="col">Data</th>
            <th scope="col">Position</th>
            <th scope="col" class="number">
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {events.map((event, index) => (
            <Row key={event.position} event={event} isFresh={index < freshCount} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Row({ event, isFresh }: { readonly event: EventLine; readonly isFresh: boolean }) {
  const { topic, position, storedAt, eventType, preview, problem, bytes } = event;
  return (
    <tr class={isFresh ? 'fresh' : ''}>
      <td class="time" title={instantText(storedAt)}>
        {timeText(storedAt)}
      </td>
      <td>
        <Link to={pathTo('topics', topic, position)}>
          <EventType type={eventType} />
        </Link>
      </td>
      <td class="preview">{problem === null ? preview : <span class="bad">{problem}</span>}</td>
      <td>
        <code>{position}</code>
      </td>
      <td class="number">{bytesText(bytes)}</td>
    </tr>
  );
}
