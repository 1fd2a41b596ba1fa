import { useEffect, useState } from 'preact/hooks';
import type { SessionAnswer } from '../src/answers/session-answer.js';
import { Failure, Loading } from './parts/notices.js';
import { TopBar } from './parts/top-bar.js';
import { place } from './router.js';
import { AuditScreen } from './screens/audit.js';
import { DeadLetterQueueScreen } from './screens/dead-letter-queue.js';
import { DeadLettersScreen } from './screens/dead-letters.js';
import { EventScreen } from './screens/event.js';
import { GroupScreen } from './screens/group.js';
import { GroupsScreen } from './screens/groups.js';
import { OverviewScreen } from './screens/overview.js';
import { TopicScreen } from './screens/topic.js';
import { WhereScreen } from './screens/where.js';
import { addressOf, read } from './server.js';
import { session } from './session.js';

/** The whole page. */
export function App() {
  const [error, setError] = useState<Error>();
  useEffect(() => {
    read<SessionAnswer>(addressOf('/session')).then(
      (answer) => {
        session.value = answer;
      },
      (failure: Error) => setError(failure),
    );
  }, []);
  useFocusOnHeading();
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <TopBar />
      <main id="main" tabIndex={-1}>
        {error !== undefined && <Failure error={error} />}
        {error === undefined && (session.value === undefined ? <Loading /> : <Screen />)}
      </main>
    </>
  );
}

function Screen() {
  const [first = '', second, third] = place.value.parts;
  if (first === '') return <OverviewScreen />;
  if (first === 'topics' && second !== undefined)
    return third === undefined ? (
      <TopicScreen key={second} topic={second} />
    ) : (
      <EventScreen key={`${second}@${third}`} topic={second} position={third} />
    );
  if (first === 'events' && second !== undefined) return <WhereScreen key={second} id={second} />;
  if (first === 'groups')
    return second !== undefined && third !== undefined ? (
      <GroupScreen key={`${second} ${third}`} topic={second} group={third} />
    ) : (
      <GroupsScreen />
    );
  if (first === 'dead-letters')
    return second !== undefined && third !== undefined ? (
      <DeadLetterQueueScreen key={`${second} ${third}`} topic={second} group={third} />
    ) : (
      <DeadLettersScreen />
    );
  if (first === 'audit') return <AuditScreen />;
  return <Failure error={new Error('There is no such page.')} />;
}

/** A new view starts at its heading, for screen readers and the keyboard; the title of the page follows it. */
function useFocusOnHeading(): void {
  const { path } = place.value;
  useEffect(() => {
    const heading = document.querySelector<HTMLElement>('main h1');
    document.title = `${heading?.textContent ?? 'Open edX events'} · Open edX events`;
    if (document.activeElement === document.body || document.activeElement?.closest('main, nav') !== null)
      heading?.focus({ preventScroll: true });
  }, [path]);
}
