import { describe, expect, it } from 'vitest';
import { entryFor } from './entry.test-support.js';
import { mysqlOutboxStore } from './mysql/mysql-outbox-store.js';
import { OutboxEntryError } from './outbox-entry-error.js';
import { OutboxTablesError } from './outbox-tables-error.js';
import { postgresOutboxStore } from './postgres/postgres-outbox-store.js';

/** Rejects every statement: the entry must be refused before the first. */
const executor = (dialect: 'postgres' | 'mysql') => ({
  dialect,
  connection: {},
  query: () => Promise.reject(new Error('a statement was run')),
});

describe.each([
  ['postgresOutboxStore', postgresOutboxStore],
  ['mysqlOutboxStore', mysqlOutboxStore],
])('%s', (_, create) => {
  it('uses the names of the option in its statements', () => {
    const text = create({ table: 'app.events' }).migrationText();
    expect(text).toContain('app.events_relay');
    expect(text).not.toContain('event_outbox');
    expect(create().migrationText(1)).not.toContain('CREATE TABLE event_outbox (');
  });

  it.each(['a b', 'a; DROP TABLE b', '', 'a.b.c', 'x'.repeat(41), 7])(
    'refuses the table name %s',
    (table) => {
      expect(() => create({ table: table as string })).toThrow(/table: must be a plain name/);
    },
  );
});

describe('an entry that the database cannot store', () => {
  it('is refused before the first statement: a key with U+0000 by PostgreSQL', async () => {
    const entries = [entryFor('t', 'fine'), entryFor('t', 'a\0b')];
    const refused = postgresOutboxStore().append(executor('postgres'), entries);
    await expect(refused).rejects.toThrow(OutboxEntryError);
    await expect(refused).rejects.toMatchObject({
      code: 'EVENTS_OUTBOX_ENTRY',
      eventId: entries[1]?.eventId,
    });
    await expect(refused).rejects.toThrow(/its key contains the character U\+0000/);
  });

  it('is refused before the first statement: a topic that MySQL would cut', async () => {
    const refused = mysqlOutboxStore().append(executor('mysql'), [entryFor('t'.repeat(256), 'k')]);
    await expect(refused).rejects.toThrow(/its topic has more than 255 characters/);
  });
});

describe('OutboxTablesError', () => {
  it.each([
    ['missing', undefined, /does not exist: run "openedx-events outbox migrate"/],
    ['older', 1, /has version 1 and version 2 is needed: run "openedx-events outbox migrate"/],
    ['newer', 3, /has version 3 and this package knows versions up to 2: update @openedx-ts\/events-outbox/],
  ] as const)('names tables that are %s, and the cure', (reason, found, message) => {
    const error = new OutboxTablesError(reason, { table: 'event_outbox', found, expected: 2 });
    expect(error).toMatchObject({ code: 'EVENTS_OUTBOX_TABLES', reason, found, expected: 2 });
    expect(error.message).toMatch(message);
  });
});
