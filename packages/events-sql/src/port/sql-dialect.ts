/** The SQL that a database understands: MariaDB is `mysql`, PGlite is `postgres`. */
export type SqlDialect = 'postgres' | 'mysql';
