import { countText } from '../format.js';
import { Command } from '../parts/command.js';
import { Empty, Failure, Loading } from '../parts/notices.js';
import { Scroll } from '../parts/scroll.js';
import { Link, pathTo } from '../router.js';
import { useOverview } from '../use-overview.js';

/** Every group that has dead letters. */
export function DeadLettersScreen() {
  const { data, error } = useOverview();
  const groups = data?.topics.flatMap((topic) => topic.groups).filter(({ deadLetters }) => deadLetters !== 0);
  return (
    <>
      <h1 tabIndex={-1}>Dead letters</h1>
      {error !== undefined && <Failure error={error} />}
      {groups === undefined && error === undefined && <Loading />}
      {groups?.length === 0 && (
        <Empty title="No dead letters">
          <p>Events that a group could not handle appear here, with the reason.</p>
        </Empty>
      )}
      {groups !== undefined && groups.length > 0 && (
        <Scroll label="Groups with dead letters">
          <table class="lines">
            <thead>
              <tr>
                <th scope="col">Group</th>
                <th scope="col">Topic</th>
                <th scope="col" class="number">
                  Dead letters
                </th>
              </tr>
            </thead>
            <tbody>
              {groups.map(({ topic, groupId, deadLetters }) => (
                <tr key={`${topic} ${groupId}`}>
                  <td>
                    <Link to={pathTo('dead-letters', topic, groupId)}>{groupId}</Link>
                  </td>
                  <td>{topic}</td>
                  <td class="number bad">{deadLetters === null ? '> 10,000' : countText(deadLetters)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <Command text="openedx-events dlq list -t TOPIC" />
    </>
  );
}
