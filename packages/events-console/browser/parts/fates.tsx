import type { FateLine } from '../../src/answers/event-answer.js';
import { Link, pathTo } from '../router.js';

/** What became of an event in every group. */
export function Fates({ topic, fates }: { readonly topic: string; readonly fates: readonly FateLine[] }) {
  if (fates.length === 0) return <p class="muted">No group reads this topic.</p>;
  return (
    <ul class="fates">
      {fates.map(({ groupId, state, deliveries, deadLetter }) => (
        <li key={groupId}>
          <span class={`state ${state.replace(' ', '-')}`}>{STATES[state]}</span>
          <Link to={pathTo('groups', topic, groupId)}>{groupId}</Link>
          <span class="muted">
            {deadLetter === null
              ? [EXPLAINED[state], deliveries === null || deliveries === 0 ? '' : `delivered ${deliveries} ×`]
                  .filter(Boolean)
                  .join(' · ')
              : `${deadLetter.code ?? 'no reason given'} after ${deadLetter.attempts ?? '?'} attempts`}
          </span>
          {deadLetter !== null && (
            <Link to={pathTo('dead-letters', topic, groupId)}>dead letter {deadLetter.position}</Link>
          )}
        </li>
      ))}
    </ul>
  );
}

const STATES = {
  handled: 'Handled',
  passed: 'Passed',
  'in flight': 'In flight',
  waiting: 'Waiting',
  'dead-lettered': 'Dead-lettered',
} as const;

const EXPLAINED = {
  handled: 'its processing is over',
  passed: 'the committed position of the group lies behind it',
  'in flight': 'a member has it and has not acknowledged it',
  waiting: 'the group has not reached it yet',
  'dead-lettered': '',
} as const;
