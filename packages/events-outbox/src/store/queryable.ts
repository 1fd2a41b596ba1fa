import type { SqlExecutor } from '@openedx-ts/events-sql';

/** What runs one statement: a database, which commits it by itself, or an open transaction. */
export type Queryable = Pick<SqlExecutor, 'dialect' | 'query'>;
