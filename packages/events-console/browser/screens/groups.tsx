import { ageText, countText } from '../format.js';
import { Command } from '../parts/command.js';
import { Empty, Failure, Loading } from '../parts/notices.js';
import { Scroll } from '../parts/scroll.js';
import { Sparkline } from '../parts/sparkline.js';
import { Link, pathTo } from '../router.js';
import { useOverview } from '../use-overview.js';

/** Every group on every topic. */
export function GroupsScreen() {
  const { data, error } = useOverview();
  const groups = data?.topics.flatMap((topic) => topic.groups);
  return (
    <>
      <h1 tabIndex={-1}>Groups</h1>
      {error !== undefined && <Failure error={error} />}
      {groups === undefined && error === undefined && <Loading />}
      {groups?.length === 0 && (
        <Empty title="No groups yet">
          <p>A group appears here when its first consumer starts.</p>
        </Empty>
      )}
      {groups !== undefined && groups.length > 0 && (
        <Scroll label="Groups">
          <table class="lines">
            <thead>
              <tr>
                <th scope="col">Group</th>
                <th scope="col">Topic</th>
                <th scope="col">Lag over time</th>
                {['Lag', 'Oldest', 'In flight', 'Members'].map((name) => (
                  <th key={name} scope="col" class="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {groups.map((group) => (
                <tr key={`${group.topic} ${group.groupId}`}>
                  <td>
                    <Link to={pathTo('groups', group.topic, group.groupId)}>{group.groupId}</Link>
                  </td>
                  <td>
                    <Link to={pathTo('topics', group.topic)}>{group.topic}</Link>
                  </td>
                  <td>
                    <Sparkline
                      values={group.history}
                      label={`Lag of ${group.groupId}: ${countText(group.lag)} now`}
                    />
                  </td>
                  <td class="number">{countText(group.lag)}</td>
                  <td class="number">{group.lag === 0 ? '–' : ageText(group.oldestAgeMs)}</td>
                  <td class="number">{countText(group.pending)}</td>
                  <td class={`number ${group.members === 0 ? 'warn' : ''}`}>{countText(group.members)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <Command text="openedx-events lag" />
    </>
  );
}
