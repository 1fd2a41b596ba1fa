import type { ServerRecipe } from './server-recipe.js';

const volatile = ['--save', '', '--appendonly', 'no'];

/** A Redis that keeps nothing on the disk. */
export const redisRecipe: ServerRecipe = {
  title: 'Redis',
  variable: 'EVENT_BUS_REDIS_CONNECTION_URL',
  example: 'redis://localhost:6379/0',
  image: 'redis:7',
  containerPort: 6379,
  inDocker: () => ({ options: [], args: ['redis-server', ...volatile] }),
  programs: ['redis-server', 'valkey-server'],
  onPath: async (_program, { port, folder }) => [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
    ...volatile,
  ],
  request: Buffer.from('PING\r\n'),
};
