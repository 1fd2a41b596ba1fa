import type { SqlDatabase } from '@openedx-ts/events-sql';
import type { Generated } from 'kysely';

/** The tables of this service, as Kysely knows them. */
export interface DatabaseTables {
  readonly enrollment_learners: { readonly id: Generated<number>; readonly username: string };
  readonly enrollments: EnrollmentRow;
}

/** A stored enrolment. */
export interface EnrollmentRow {
  readonly position: Generated<number>;
  readonly user_id: number;
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly course_key: string;
  readonly mode: string;
  readonly created_at: Date;
}

/** Creates the tables that are missing. Processes that start at once wait for each other. */
export async function createTables(database: SqlDatabase<unknown>): Promise<void> {
  await database.transaction(async (_, executor) => {
    await executor.query("SELECT pg_advisory_xact_lock(hashtext('enrollment-service'))");
    for (const statement of statements) await executor.query(statement);
  });
}

const statements = [
  `CREATE TABLE IF NOT EXISTS enrollment_learners (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, username text NOT NULL UNIQUE)`,
  `CREATE TABLE IF NOT EXISTS enrollments (
    position integer GENERATED ALWAYS AS IDENTITY, user_id integer NOT NULL REFERENCES enrollment_learners,
    username text NOT NULL, email text NOT NULL, name text NOT NULL, course_key text NOT NULL, mode text NOT NULL,
    created_at timestamptz NOT NULL, PRIMARY KEY (course_key, username))`,
];
