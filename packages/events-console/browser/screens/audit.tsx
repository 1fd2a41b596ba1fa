import type { AuditEntry } from '../../src/answers/audit-entry.js';
import { instantText } from '../format.js';
import { Empty, Failure, Loading } from '../parts/notices.js';
import { Scroll } from '../parts/scroll.js';
import { addressOf } from '../server.js';
import { useAnswer } from '../use-answer.js';

/** What was done in this console. */
export function AuditScreen() {
  const { data, error, again } = useAnswer<{ readonly entries: readonly AuditEntry[] }>(addressOf('/audit'));
  return (
    <>
      <h1 tabIndex={-1}>Audit trail</h1>
      <p class="muted">
        What was changed and unmasked in this console since it was started. The log of its process has the
        same entries.
      </p>
      {error !== undefined && <Failure error={error} again={again} />}
      {data === undefined && error === undefined && <Loading />}
      {data?.entries.length === 0 && <Empty title="Nothing was changed" />}
      {data !== undefined && data.entries.length > 0 && (
        <Scroll label="Audit trail">
          <table class="lines">
            <thead>
              <tr>
                {['Time', 'Who', 'Action', 'On', 'Outcome', 'Facts'].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.entries.map(({ at, who, action, target, outcome, facts }, index) => (
                <tr key={index}>
                  <td class="time">{instantText(at)}</td>
                  <td>{who}</td>
                  <td>{action}</td>
                  <td>
                    <code>{target}</code>
                  </td>
                  <td class={outcome === 'failed' || outcome === 'refused' ? 'bad' : ''}>{outcome}</td>
                  <td class="muted">
                    {Object.entries(facts)
                      .map(([name, value]) => `${name} ${value}`)
                      .join(', ')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}
