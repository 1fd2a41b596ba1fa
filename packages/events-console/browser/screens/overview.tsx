import { useState } from 'preact/hooks';
import type { FindingLine, GroupLine, OverviewAnswer, TopicLine } from '../../src/answers/overview-answer.js';
import { ageText, counted, countText } from '../format.js';
import { Command } from '../parts/command.js';
import { Empty, Failure, Loading } from '../parts/notices.js';
import { Scroll } from '../parts/scroll.js';
import { Sparkline } from '../parts/sparkline.js';
import { Link, pathTo } from '../router.js';
import { useOverview } from '../use-overview.js';

/** The state of the bus: what to repair first, then every topic with its groups. */
export function OverviewScreen() {
  const { data, error } = useOverview();
  return (
    <>
      <h1 tabIndex={-1}>Overview</h1>
      {error !== undefined && <Failure error={error} />}
      {data === undefined ? error === undefined && <Loading /> : <Overview data={data} />}
      <div class="commands">
        <Command text="openedx-events lag" />
        <Command text="openedx-events doctor" label="The findings as a command" />
      </div>
    </>
  );
}

function Overview({ data }: { readonly data: OverviewAnswer }) {
  const { topics, findings } = data;
  const groups = topics.flatMap((topic) => topic.groups);
  return (
    <>
      <Figures topics={topics} groups={groups} />
      <Findings findings={findings} />
      {topics.length === 0 ? (
        <Empty title="No topics yet">
          <p>A topic appears here with its first event.</p>
        </Empty>
      ) : (
        <TopicsTable topics={topics} />
      )}
    </>
  );
}

function Figures({
  topics,
  groups,
}: {
  readonly topics: readonly TopicLine[];
  readonly groups: readonly GroupLine[];
}) {
  const dead = groups.reduce((sum, { deadLetters }) => sum + (deadLetters ?? 0), 0);
  const lag = groups.reduce((sum, group) => sum + (group.lag ?? 0), 0);
  const oldest = Math.max(0, ...groups.map(({ oldestAgeMs }) => oldestAgeMs ?? 0));
  const figures = [
    ['Topics', countText(topics.length), ''],
    ['Events waiting', countText(lag), ''],
    ['Oldest waits for', lag === 0 ? '–' : ageText(oldest), ''],
    ['Dead letters', countText(dead), dead > 0 ? 'bad' : ''],
  ] as const;
  return (
    <dl class="figures">
      {figures.map(([name, value, tone]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={tone}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Problems and warnings with their cures; what is well is counted, and shown when asked for. */
function Findings({ findings }: { readonly findings: readonly FindingLine[] }) {
  const [isOpen, setOpen] = useState(false);
  const wrong = findings.filter(({ verdict }) => verdict !== 'ok');
  const well = findings.length - wrong.length;
  const shown = isOpen ? findings : wrong;
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      <ul class="findings">
        {shown.map(({ subject, verdict, message, cure }) => (
          <li key={`${subject} ${message}`} class={verdict}>
            <span class="verdict">{verdict}</span>
            <div>
              <p>
                <strong>{subject}</strong> {message}
              </p>
              {cure !== null && <p class="cure">{cure}</p>}
            </div>
          </li>
        ))}
        {!isOpen && (
          <li class="ok">
            <span class="verdict">ok</span>
            <div>
              <p>
                {wrong.length === 0
                  ? `All is well: ${counted(well, 'check')} passed.`
                  : `${counted(well, 'check')} passed.`}
              </p>
            </div>
          </li>
        )}
      </ul>
      <button type="button" class="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Show what is wrong only' : 'Show every check'}
      </button>
    </section>
  );
}

function TopicsTable({ topics }: { readonly topics: readonly TopicLine[] }) {
  return (
    <section>
      <h2>Topics and their groups</h2>
      <Scroll label="Topics and their groups">
        <table class="lines">
          <thead>
            <tr>
              <th scope="col">Topic</th>
              <th scope="col">Group</th>
              <th scope="col">Lag over time</th>
              {['Lag', 'Oldest', 'In flight', 'To trim', 'Dead letters', 'Members'].map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          {topics.map((topic) => (
            <TopicRows key={topic.topic} topic={topic} />
          ))}
        </table>
      </Scroll>
    </section>
  );
}

function TopicRows({ topic: { topic, groups, length, lanes } }: { readonly topic: TopicLine }) {
  const head = (
    <th scope="rowgroup" rowSpan={Math.max(1, groups.length)}>
      <Link to={pathTo('topics', topic)}>{topic}</Link>
      <span class="under">
        {length === null ? '' : counted(length, 'event')}
        {lanes === null ? '' : ` · ${counted(lanes, 'lane')}`}
      </span>
    </th>
  );
  if (groups.length === 0)
    return (
      <tbody>
        <tr>
          {head}
          <td colSpan={8} class="muted">
            no group reads it
          </td>
        </tr>
      </tbody>
    );
  return (
    <tbody>
      {groups.map((group, index) => (
        <tr key={group.groupId}>
          {index === 0 && head}
          <GroupCells group={group} />
        </tr>
      ))}
    </tbody>
  );
}

function GroupCells({ group }: { readonly group: GroupLine }) {
  const { topic, groupId, lag, oldestAgeMs, pending, distanceToTrim, deadLetters, members, history } = group;
  const isLosing = distanceToTrim !== null && distanceToTrim < 0;
  return (
    <>
      <td>
        <Link to={pathTo('groups', topic, groupId)}>{groupId}</Link>
      </td>
      <td>
        <Sparkline values={history} label={`Lag of ${groupId}: ${countText(lag)} now`} />
      </td>
      <td class="number">{countText(lag)}</td>
      <td class="number">{lag === 0 ? '–' : ageText(oldestAgeMs)}</td>
      <td class="number">{countText(pending)}</td>
      <td class={`number ${isLosing ? 'bad' : ''}`}>
        {distanceToTrim === null ? '–' : countText(distanceToTrim)}
      </td>
      <td class="number">
        {deadLetters === 0 ? (
          <span class="muted">0</span>
        ) : (
          <Link to={pathTo('dead-letters', topic, groupId)} class="bad">
            {deadLetters === null ? '> 10,000' : countText(deadLetters)}
          </Link>
        )}
      </td>
      <td class={`number ${members === 0 ? 'warn' : ''}`}>{countText(members)}</td>
    </>
  );
}
