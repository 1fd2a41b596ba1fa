import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import pg from 'pg';
import { expect, it } from 'vitest';
import { pgDatabase } from './pg-database.js';

it('fails a transaction, not the process, when the server stops as it accepts the connection', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.concat([loggedIn, readyForQuery, shuttingDown])));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'test', database: 'test', ssl: false });
  pool.on('error', () => {});
  await expect(pgDatabase(pool).transaction(async () => {})).rejects.toMatchObject({
    code: 'EVENTS_INFRASTRUCTURE',
  });
  await pool.end();
  await new Promise((closed) => server.close(closed));
});

it('listens to a pool once, however many databases are made of it', () => {
  const pool = new pg.Pool();
  for (let times = 0; times < 20; times += 1) pgDatabase(pool);
  expect(pool.listenerCount('acquire')).toBe(1);
});

/** A message of PostgreSQL's protocol: its type, its length, its content. */
function message(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(type), length, content]);
}

const loggedIn = message('R', Buffer.alloc(4));
const readyForQuery = message('Z', Buffer.from('I'));
const shuttingDown = message(
  'E',
  Buffer.from('SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'),
);
