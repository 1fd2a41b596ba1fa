import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { InfrastructureError } from '@openedx-ts/events-core';
import { beforeAll, expect, it } from 'vitest';
import type { SqlResult } from '../port/sql-executor.js';
import type { ContractTables } from './contract-tables.test-support.js';
import type { Ability } from './library-under-test.test-support.js';

/** Tests values and the counts of rows. */
export function describeStatements<Transaction>(
  prepared: () => ContractTables<Transaction>,
  abilities: readonly Ability[],
): void {
  let tables: ContractTables<Transaction>;
  beforeAll(() => {
    tables = prepared();
  });

  it('throws the database’s own error for a wrong statement, without the statement’s values', async () => {
    const text = tables.sql('INSERT INTO nowhere (id) VALUES ($1)');
    const failing = tables.database.transaction((_, executor) => executor.query(text, ['ada@example.org']));
    const error = await failing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(InfrastructureError);
    expect(String(error)).toMatch(/nowhere/);
    expect(inspect(error, { depth: 10 })).not.toContain('ada@example.org');
  });

  it('keeps bytes, text, integers beyond 2^53, points in time and null', async () => {
    const id = randomUUID();
    const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
    const text = 'a\u0001 \'"\\ \u{1F600} $1 ? %s';
    const at = new Date('2026-03-29T01:30:00.123Z');
    await tables.database.transaction((_, executor) =>
      executor.query(tables.sql('INSERT INTO kept (id, b, t, n, d) VALUES ($1, $2, $3, $4, $5)'), [
        id,
        // A view into a larger buffer: only its own bytes count.
        new Uint8Array([255, ...bytes, 255]).subarray(1, 513),
        text,
        9_007_199_254_740_993n,
        at,
      ]),
    );
    const asText = tables.isMysql ? 'CAST(n AS char)' : 'n::text';
    const { rows } = await tables.database.query(
      tables.sql(`SELECT b, t, ${asText} AS n, d FROM kept WHERE id = $1`),
      [id],
    );
    const [row] = rows;
    expect(new Uint8Array(row?.b as Uint8Array)).toEqual(bytes);
    expect(row).toMatchObject({ t: text, n: '9007199254740993' });
    expect(pointInTime(row?.d)).toBe(at.getTime());
    const nothing = randomUUID();
    await tables.database.query(tables.sql('INSERT INTO kept (id, b, t, n, d) VALUES ($1, $2, $3, $4, $5)'), [
      nothing,
      null,
      null,
      null,
      null,
    ]);
    const empty = await tables.database.query(tables.sql('SELECT b, t, n, d FROM kept WHERE id = $1'), [
      nothing,
    ]);
    expect(empty.rows).toEqual([{ b: null, t: null, n: null, d: null }]);
  });

  if (abilities.includes('lists'))
    it('passes a list of text or integers as one value', async () => {
      const [texts, numbers] = [
        ['a"\\,{}', "b'?", 'NULL', '', '\u{1F600}'],
        [1, -2, 3, 4, 2_147_483_647],
      ];
      const text = 'SELECT a, b FROM unnest(CAST($1 AS text[]), CAST($2 AS integer[])) AS list (a, b)';
      const { rows } = await tables.database.transaction((_, executor) =>
        executor.query(text, [texts, numbers]),
      );
      expect(rows).toEqual(texts.map((a, index) => ({ a, b: numbers[index] })));
    });

  it('counts the rows that a statement returned, inserted, changed or deleted', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    const counts = await tables.database.transaction(async (_, executor) => {
      const query = (text: string, values: readonly unknown[] = ids) =>
        executor.query(tables.sql(text), values);
      const all = 'WHERE id IN ($1, $2, $3)';
      const results: SqlResult[] = [];
      results.push(await query('INSERT INTO effects (id, n) VALUES ($1, 1), ($2, 1), ($3, 1)'));
      results.push(await query(`SELECT n FROM effects ${all}`));
      results.push(await query(`UPDATE effects SET n = 2 ${all}`));
      results.push(await query('SELECT n FROM effects WHERE id = $1', ['nobody']));
      results.push(await query(`DELETE FROM effects ${all}`));
      results.push(await query(`DELETE FROM effects ${all}`));
      return results.map(({ rowCount, rows }) => [rowCount, rows.length]);
    });
    expect(counts).toEqual([
      [3, 0],
      [3, 3],
      [3, 0],
      [0, 0],
      [3, 0],
      [0, 0],
    ]);
  });

  it('accepts 5,000 values in one statement', async () => {
    const ids = Array.from({ length: 2_500 }, () => randomUUID());
    const rows = ids.map((_, index) => `($${2 * index + 1}, $${2 * index + 2})`).join(', ');
    const values = ids.flatMap((id, index) => [id, index]);
    const { rowCount } = await tables.database.transaction((_, executor) =>
      executor.query(tables.sql(`INSERT INTO effects (id, n) VALUES ${rows}`), values),
    );
    expect(rowCount).toBe(2_500);
    expect(await tables.exists(ids[2_499] as string)).toBe(true);
  });
}

/** Drizzle returns points in time as text, in UTC here. */
function pointInTime(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  const text = String(value).replace(' ', 'T');
  return new Date(
    /(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(text) ? text.replace(/([+-]\d\d)$/, '$1:00') : `${text}Z`,
  ).getTime();
}
