import v8 from 'node:v8';
import vm from 'node:vm';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { sentEvents } from './sent-events.js';

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc') as () => void;

it('keeps nothing of what it has sent: a live view may be open for days', async () => {
  const made: WeakRef<object>[] = [];
  const closed = new AbortController();
  async function* things() {
    for (; !closed.signal.aborted; ) {
      const thing = { number: made.length };
      made.push(new WeakRef(thing));
      yield thing;
    }
  }
  const app = new Hono().get('/', (context) => sentEvents(context, things(), closed.signal, () => {}));
  const reader = (await app.request('/')).body?.getReader();
  while (made.length < 50) await reader?.read();
  await new Promise(setImmediate);
  gc();
  expect(made.slice(0, 30).filter((thing) => thing.deref() !== undefined)).toEqual([]);
  closed.abort();
  await reader?.cancel();
});
