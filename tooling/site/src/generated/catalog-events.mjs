import { PassThrough, Writable } from 'node:stream';
import { runCli } from '@openedx-ts/events-cli';

/**
 * The facts about every event of the catalogue, as `openedx-events catalog` prints them.
 *
 * @returns {Promise<readonly import('./event-page.mjs').EventFacts[]>}
 */
export async function catalogEvents() {
  const listed = await printed('catalog', 'list', '--json');
  /** @type {import('./event-page.mjs').EventFacts[]} */
  const events = [];
  for (const line of listed.trimEnd().split('\n')) {
    const { event_type } = JSON.parse(line);
    events.push(JSON.parse(await printed('catalog', 'show', event_type, '--json')));
  }
  return events;
}

/** @param {...string} args */
async function printed(...args) {
  const output = new Text();
  const errors = new Text();
  const code = await runCli(args, {
    stdin: new PassThrough(),
    stdout: output,
    stderr: errors,
    cwd: process.cwd(),
    abortSignal: new AbortController().signal,
  });
  if (code !== 0) throw new Error(`openedx-events ${args.join(' ')}: ${errors.text}`);
  return output.text;
}

/** Keeps what is written. */
class Text extends Writable {
  text = '';

  /** @override @param {Buffer} chunk @param {BufferEncoding} _encoding @param {() => void} done */
  _write(chunk, _encoding, done) {
    this.text += chunk.toString();
    done();
  }
}
