import { drizzle as drizzleOnPostgres } from 'drizzle-orm/node-postgres';
import { withReplicas } from 'drizzle-orm/pg-core';
import { Kysely, SqliteDialect } from 'kysely';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { drizzleDatabase } from './drizzle/drizzle-database.js';
import { kyselyDatabase } from './kysely/kysely-database.js';

const refusal = { code: 'EVENTS_INVALID_OPTIONS', issues: [expect.objectContaining({ path: 'dialect' })] };

describe('the dialect', () => {
  it('must be given for a database of Kysely that is neither PostgreSQL nor MySQL by its adapter', () => {
    const kysely = new Kysely<unknown>({ dialect: new SqliteDialect({ database: {} as never }) });
    expect(() => kyselyDatabase(kysely)).toThrow(expect.objectContaining(refusal));
    expect(kyselyDatabase(kysely, { dialect: 'mysql' }).dialect).toBe('mysql');
  });

  it('must be given for an object that wraps a database of Drizzle', () => {
    const drizzle = drizzleOnPostgres({ client: new pg.Pool() });
    const replicated = withReplicas(drizzle, [drizzle]);
    expect(() => drizzleDatabase(replicated)).toThrow(expect.objectContaining(refusal));
    expect(drizzleDatabase(replicated, { dialect: 'postgres' }).dialect).toBe('postgres');
    expect(drizzleDatabase(drizzle).dialect).toBe('postgres');
  });
});
