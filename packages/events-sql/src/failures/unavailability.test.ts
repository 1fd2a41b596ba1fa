import { InfrastructureError } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { databaseFailure } from './database-failure.js';
import { unavailabilityOf } from './unavailability.js';

const errorOf = (fields: object, message = 'x') => Object.assign(new Error(message), fields);

describe('unavailabilityOf', () => {
  it.each([
    ['pg: no route', errorOf({ code: 'EHOSTUNREACH', syscall: 'connect' }), 'unreachable'],
    ['pg: no socket', errorOf({ code: 'ENOENT', syscall: 'connect' }), 'unreachable'],
    ['pg: server stops', errorOf({ code: '57P01' }), 'unreachable'],
    ['pg: server starts', errorOf({ code: '57P03' }), 'unreachable'],
    ['pg: connection cut', new Error('Connection terminated unexpectedly'), 'unreachable'],
    ['pg: pool full', new Error('timeout exceeded when trying to connect'), 'unreachable'],
    ['pg: pool closed', new Error('Cannot use a pool after calling end on the pool'), 'closed'],
    ['mysql2: pool closed', new Error('Pool is closed.'), 'closed'],
    ['PGlite: closed', new Error('PGlite is closed'), 'closed'],
    ['Kysely: destroyed', new Error('driver has already been destroyed'), 'closed'],
    ['pg: too many connections', errorOf({ code: '53300' }), 'refusing'],
    ['pg: wrong password', errorOf({ code: '28P01' }), 'login'],
    ['pg: no such database', errorOf({ code: '3D000' }), 'login'],
    ['Prisma: no such database', errorOf({ code: 'P1003' }), 'login'],
    ['pg: replica', errorOf({ code: '25006' }), 'refusing'],
    ['pg: serialization', errorOf({ code: '40001' }), 'conflict'],
    ['mysql2: connection cut', errorOf({ code: 'PROTOCOL_CONNECTION_LOST' }), 'unreachable'],
    [
      'mysql2: killed',
      errorOf({ code: 'ER_CONNECTION_KILLED', errno: 1927, sqlState: '70100' }),
      'unreachable',
    ],
    ['mysql2: server stops', errorOf({ code: 'ER_SERVER_SHUTDOWN', errno: 1053 }), 'unreachable'],
    ['mysql2: too many connections', errorOf({ code: 'ER_CON_COUNT_ERROR', errno: 1040 }), 'refusing'],
    [
      'mysql2: wrong password',
      errorOf({ code: 'ER_ACCESS_DENIED_ERROR', errno: 1045, sqlState: '28000' }),
      'login',
    ],
    [
      'mysql2: lock wait',
      errorOf({ code: 'ER_LOCK_WAIT_TIMEOUT', errno: 1205, sqlState: 'HY000' }),
      'conflict',
    ],
    [
      'mysql2: a row that changed since the snapshot',
      errorOf({ code: 'ER_CHECKREAD', errno: 1020, sqlState: 'HY000' }),
      'conflict',
    ],
    ['mysql2: deadlock', errorOf({ code: 'ER_LOCK_DEADLOCK', errno: 1213, sqlState: '40001' }), 'conflict'],
    ['Drizzle', errorOf({ query: 'x', params: [], cause: errorOf({ code: '40P01' }) }), 'conflict'],
    ['Prisma: unreachable', errorOf({ code: 'P1001' }), 'unreachable'],
    ['Prisma: raw statement', errorOf({ code: 'P2010', meta: { code: '53300' } }), 'refusing'],
  ])('knows %s', (_, error, expected) => {
    expect(unavailabilityOf(error)).toBe(expected);
    expect(databaseFailure(error)).toMatchObject({ code: 'EVENTS_INFRASTRUCTURE', cause: error });
  });

  it.each([
    ['a unique key that exists', errorOf({ code: '23505' })],
    ['a missing table', errorOf({ code: '42P01' })],
    ['a duplicate in MySQL', errorOf({ code: 'ER_DUP_ENTRY', errno: 1062, sqlState: '23000' })],
    [
      'a statement that is too long for MySQL',
      errorOf({ code: 'ER_NET_PACKET_TOO_LARGE', errno: 1153, sqlState: '08S01' }),
    ],
    ['a refused statement in Prisma', errorOf({ code: 'P2010', meta: { code: '23505' } })],
    ['a timeout of something else', new Error('payment timeout')],
    ['a fetch of something else', errorOf({ cause: errorOf({ code: 'ECONNREFUSED' }) }, 'fetch failed')],
    ['an error that is classified', new InfrastructureError('x')],
    ['a text', 'x'],
    ['nothing', undefined],
  ])('leaves %s to the caller', (_, error) => {
    expect(unavailabilityOf(error)).toBeUndefined();
    expect(databaseFailure(error)).toBe(error);
  });

  it('does not count a broken connection of the work’s own as the database’s', () => {
    const error = errorOf({ code: 'ECONNRESET', syscall: 'read' });
    expect(databaseFailure(error, 'work')).toBe(error);
    expect(databaseFailure(error, 'begin')).toBeInstanceOf(InfrastructureError);
  });

  it('names the login where the database refuses it', () => {
    expect(databaseFailure(errorOf({ code: '28P01' }), 'begin')).toMatchObject({
      message: expect.stringContaining('check the user, the password and the name of the database'),
    });
  });

  it('reports that a transaction may have been committed when its connection is lost during COMMIT', () => {
    const error = new Error('Connection terminated unexpectedly');
    expect(databaseFailure(error, 'commit')).toMatchObject({
      message: expect.stringContaining('may have been committed'),
    });
  });
});
