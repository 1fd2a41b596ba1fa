import { useState } from 'preact/hooks';
import type { ReplayAnswer } from '../../src/answers/action-answers.js';
import type { LaneLine } from '../../src/answers/overview-answer.js';
import { ageText, counted, countText, quoted } from '../format.js';
import { Command } from '../parts/command.js';
import { Empty, Failure, Loading } from '../parts/notices.js';
import { Scroll } from '../parts/scroll.js';
import { changeQuery, Link, pathTo, place } from '../router.js';
import { addressOf, change, read } from '../server.js';
import { session } from '../session.js';
import { useOverview } from '../use-overview.js';

/** A group on a topic: its lanes, and replay. */
export function GroupScreen({ topic, group }: { readonly topic: string; readonly group: string }) {
  const { data, error } = useOverview();
  const found = data?.topics
    .flatMap(({ groups }) => groups)
    .find((one) => one.topic === topic && one.groupId === group);
  return (
    <>
      <p class="crumbs">
        <Link to={pathTo('topics', topic)}>{topic}</Link>
      </p>
      <h1 tabIndex={-1}>{group}</h1>
      {error !== undefined && <Failure error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data !== undefined && (found === undefined || found.lanes.length === 0) && (
        <Empty title="The broker knows no such group">
          <p>It appears here when its first consumer starts.</p>
        </Empty>
      )}
      {found !== undefined && found.lanes.length > 0 && <Lanes lanes={found.lanes} />}
      {found !== undefined && (found.deadLetters ?? 1) > 0 && (
        <p>
          <Link to={pathTo('dead-letters', topic, group)}>Dead letters of this group</Link>
        </p>
      )}
      <Replay topic={topic} group={group} members={found?.members ?? null} />
      <Command text={`openedx-events lag -t ${quoted(topic)} -g ${quoted(group)}`} />
    </>
  );
}

function Lanes({ lanes }: { readonly lanes: readonly LaneLine[] }) {
  return (
    <section>
      <h2>Lanes</h2>
      <Scroll label="Lanes">
        <table class="lines">
          <thead>
            <tr>
              <th scope="col">Lane</th>
              {['Length', 'Lag', 'In flight', 'Oldest', 'To trim', 'Members'].map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lanes.map(({ lane, length, lag, pending, oldestAgeMs, distanceToTrim, members }) => (
              <tr key={lane}>
                <td>
                  <code>{lane}</code>
                </td>
                <td class="number">{countText(length)}</td>
                <td class="number">{countText(lag)}</td>
                <td class="number">{countText(pending)}</td>
                <td class="number">{lag === 0 ? '–' : ageText(oldestAgeMs)}</td>
                <td class="number">{distanceToTrim === null ? '–' : countText(distanceToTrim)}</td>
                <td class="number">{countText(members)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

interface ReplayProps {
  readonly topic: string;
  readonly group: string;
  readonly members: number | null;
}

/** Sets the group back: first shows what it would receive again, then does it. */
function Replay({ topic, group, members }: ReplayProps) {
  const from = place.value.query.get('from') ?? '';
  const [report, setReport] = useState<ReplayAnswer>();
  const [error, setError] = useState<Error>();
  const address = `/groups/${encodeURIComponent(topic)}/${encodeURIComponent(group)}/replay`;
  const run = async (work: () => Promise<ReplayAnswer>) => {
    setError(undefined);
    setReport(undefined);
    await work().then(setReport, setError);
  };
  const preview = (event: Event) => {
    event.preventDefault();
    void run(() => read<ReplayAnswer>(addressOf(address, { from })));
  };
  const replay = () => void run(() => change<ReplayAnswer>(addressOf(address), { from }));
  const mayAct = session.value?.mayAct === true;
  return (
    <section class="card" aria-labelledby="replay">
      <h2 id="replay">Replay</h2>
      <p class="muted">
        Sets the group back, so that it receives events again. Its consumers must be stopped
        {members === null || members === 0 ? '.' : `: ${counted(members, 'member')} may be at work now.`}
      </p>
      <form onSubmit={preview} class="row">
        <label>
          <span>From</span>
          <input
            required
            value={from}
            placeholder="earliest, 2026-01-31T12:00:00Z, a position, an event's id"
            onInput={(event) => changeQuery({ from: event.currentTarget.value })}
          />
        </label>
        <button type="submit">Preview</button>
        {mayAct && (
          <button type="button" class="danger" disabled={report?.isDryRun !== true} onClick={replay}>
            Replay
          </button>
        )}
      </form>
      {error !== undefined && <Failure error={error} />}
      {report !== undefined && <Report report={report} group={group} />}
      <Command
        text={`openedx-events replay -t ${quoted(topic)} -g ${quoted(group)} --from ${quoted(from || 'TIME')} --dry-run`}
      />
    </section>
  );
}

function Report({
  report: { events, isDryRun, eventTypes, lanes },
  group,
}: {
  readonly report: ReplayAnswer;
  readonly group: string;
}) {
  return (
    <div class="notice" role="status">
      <p>
        {group} {isDryRun ? 'would receive' : 'receives'} {counted(events, 'event')} again, in{' '}
        {counted(lanes.filter(({ isMoved }) => isMoved).length, 'lane')}.
      </p>
      <ul>
        {eventTypes.map(([type, count]) => (
          <li key={type}>
            {type ?? 'no type'}: {countText(count)}
          </li>
        ))}
      </ul>
    </div>
  );
}
