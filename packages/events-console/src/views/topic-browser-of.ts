import type { TopicBrowser, TopicStore } from '@openedx-ts/events-core/operate';
import { ConsoleError } from '../errors/console-error.js';

/** @throws ConsoleError when the bus cannot show the newest messages of a topic */
export function topicBrowserOf(store: TopicStore): TopicBrowser {
  const { newest, follow, describeTopic } = store;
  if (newest === undefined || follow === undefined || describeTopic === undefined)
    throw new ConsoleError(501, 'CONSOLE_UNSUPPORTED', 'this bus does not show the newest events of a topic');
  return store as TopicStore & TopicBrowser;
}
