import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageSources } from '../house-rules/package-sources.mjs';
import { root } from '../setup/paths.mjs';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/reference/stored-forms.md');
const sources = packageSources()
  .filter((file) => !file.endsWith('.test-support.ts'))
  .map((file) => read(file));

/** Every text of a kind that the sources of the packages hold. */
function textsInSources(kind: RegExp): readonly string[] {
  return [
    ...new Set(sources.flatMap((text) => [...text.matchAll(kind)].map(([, found]) => found as string))),
  ];
}

describe('docs/reference/stored-forms.md', () => {
  it.each([
    ['version of a text', /'((?:openedx|removed|[a-z]+)\/\d+)'/g, 'openedx/1'],
    ['header of a dead letter', /'(dlq-[a-z0-9-]+)'/g, 'dlq-redrives'],
    ['name that all topics share', /(openedx-events-(?:dlq|schemas))\b/g, 'openedx-events-dlq'],
    ['key of the text of a commit', /values\.get\('([a-z]+)'\)/g, 'handled'],
  ])('names every %s', (_, kind, known) => {
    const texts = textsInSources(kind);
    expect(texts).toContain(known);
    expect(texts.filter((text) => !page.includes(text))).toEqual([]);
  });

  it.each([
    ['packages/event-bus-redis/src/lease/lease.ts', '.lease`'],
    ['packages/events-avro/src/framing/bare-wire-format.ts', "'schema_fp'"],
    ['packages/events-avro/src/framing/bare-wire-format.ts', "'event_key'"],
    ['packages/events-inbox/src/sql-inbox-table.ts', "'events_inbox'"],
    ['packages/events-inbox/src/redis-inbox.ts', "'inbox:'"],
    ['packages/events-inbox/src/redis-inbox.ts', "'handled'"],
    ['packages/event-bus-kafka/src/registry/schema-files.ts', '`registered-'],
    ['packages/events-outbox/src/store/migrations/postgres-migrations.ts', 'readable_from'],
    ['packages/events-outbox/src/store/migrations/mysql-migrations.ts', 'renewed_at'],
  ])('describes what %s writes: %s', (path, literal) => {
    expect(read(path)).toContain(literal);
    expect(page).toContain(`/${path}`);
    expect(page).toContain(literal.replace(/['`]/g, ''));
  });
});
