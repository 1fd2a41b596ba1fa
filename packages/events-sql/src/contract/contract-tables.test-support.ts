import { randomUUID } from 'node:crypto';
import type { SqlDatabase } from '../port/sql-database.js';
import type { SqlExecutor } from '../port/sql-executor.js';
import type { LibraryUnderTest } from './library-under-test.test-support.js';

/** The library of a suite, and statements for its tables, once `beforeAll` has prepared them. */
export class ContractTables<Transaction> {
  readonly under: LibraryUnderTest<Transaction>;
  readonly database: SqlDatabase<Transaction>;

  constructor(under: LibraryUnderTest<Transaction>) {
    this.under = under;
    this.database = under.database;
  }

  get isMysql(): boolean {
    return this.database.dialect === 'mysql';
  }

  async create(): Promise<void> {
    for (const table of ['effects', 'kept']) await this.database.query(`DROP TABLE IF EXISTS ${table}`);
    await this.database.query('CREATE TABLE effects (id varchar(40) PRIMARY KEY, n bigint)');
    await this.database.query(
      this.sql('CREATE TABLE kept (id varchar(40) PRIMARY KEY, b bytea, t text, n bigint, d datetime(3))'),
    );
  }

  /** In the words of the dialect: `$1` or `?`, and the types that differ. */
  sql(text: string): string {
    return this.isMysql
      ? text.replace(/\$\d+/g, '?').replace(/\bbytea\b/g, 'longblob')
      : text.replace(/\bdatetime\(3\)/g, 'timestamptz');
  }

  /** Inserts an effect and returns its id. */
  async insert(executor: Pick<SqlExecutor, 'query'>, id: string = randomUUID()): Promise<string> {
    await executor.query(this.sql('INSERT INTO effects (id, n) VALUES ($1, 1)'), [id]);
    return id;
  }

  async exists(id: string): Promise<boolean> {
    const { rowCount } = await this.database.query(this.sql('SELECT n FROM effects WHERE id = $1'), [id]);
    return rowCount === 1;
  }
}
