import '@openedx-ts/events-catalog/all';
import { getSignalByType } from '@openedx-ts/events-core';
import { catalogEvents } from './catalog-events.mjs';
import { eventPage, slugOfEvent } from './event-page.mjs';
import { wireForms } from './wire-forms.mjs';

/**
 * The pages of the catalogue's events, and the page that lists them.
 *
 * @returns {Promise<ReadonlyMap<string, string>>} Markdown by file of the site
 */
export async function eventsPages() {
  const events = await catalogEvents();
  /** @type {Map<string, string>} */
  const pages = new Map([['events/index.md', listOf(events)]]);
  for (const event of events) {
    const paths = event.fields.map(({ path }) => path).filter((path) => !/[[{]/.test(path));
    const wire =
      event.local_only === null ? await wireForms(getSignalByType(event.event_type), paths) : undefined;
    pages.set(`events/${slugOfEvent(event)}.md`, eventPage(event, wire));
  }
  return pages;
}

/** @param {readonly import('./event-page.mjs').EventFacts[]} events */
function listOf(events) {
  const subdomains = [...new Set(events.map(({ subdomain }) => subdomain))].sort();
  const sections = subdomains.flatMap((subdomain) => [
    `## ${subdomain}`,
    [
      '| event | | personal data | key |',
      '|---|---|---|---|',
      ...events.filter((event) => event.subdomain === subdomain).map((event) => row(event)),
    ].join('\n'),
  ]);
  return `${[head(events.length), ...sections].join('\n\n')}\n`;
}

/** @param {number} count */
function head(count) {
  return `# Events

The ${count} events of the catalogue, from \`@openedx-ts/events-catalog\`. Each page has the fields with their marks for personal data, and an example as Kafka and Redis carry it. The command \`openedx-events catalog show TYPE\` prints the same.`;
}

/** @param {import('./event-page.mjs').EventFacts} event */
function row(event) {
  const doc = (event.doc ?? '').replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
  const name = event.name ?? event.event_type;
  return `| [${name}](./${slugOfEvent(event)}.md)${event.local_only === null ? '' : ' (local only)'} | ${doc} | ${event.pii.join(', ')} | ${event.key_field === null ? '' : `\`${event.key_field}\``} |`;
}
