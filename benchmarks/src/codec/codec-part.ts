import { measure } from '../measure.js';
import { type Part, type Row, rateTable } from '../part.js';
import { pythonSubject, startPython } from '../python-peer.js';
import { startCodecProcess } from './codec-process.js';
import { withClients } from './with-clients.js';

const timing = { rounds: 9, roundMs: 200 };
const subjects = ['avsc toBuffer', 'encode', 'check and encode', 'avsc fromBuffer', 'decode'];

/** Encoding and decoding, in a process of its own and in one that has loaded all clients. */
export const codecPart: Part = {
  run: async () => {
    using alone = await startCodecProcess('alone');
    using clients = await startCodecProcess('clients');
    await using python = await startPython('codec.py');
    const of = (event: 'enrollment' | 'xblock') => [
      ...alone.subjects(event, subjects),
      ...clients.subjects(event, subjects),
    ];
    const rates = await measure([...of('enrollment'), ...python.subjects(['encode', 'decode'])], timing);
    const keyRates = await measure(of('xblock'), timing);
    const header = `Median of ${timing.rounds} rounds; one event of ${alone.bytes.enrollment} bytes.`;
    const keyRows = rowsOf(`an event of two keys, ${alone.bytes.xblock} bytes`);
    const [head, keys] = [rateTable(rates, rowsOf()), rateTable(keyRates, keyRows)];
    return [header, `Peer: ${python.about}.`, '', head, ...keys.split('\n').slice(2)].join('\n');
  },
};

/** The rows of one event: what it is, or nothing for the usual event, which Python encodes and decodes too. */
function rowsOf(event?: string): readonly Row[] {
  const named = (what: string, usually: string) =>
    event === undefined ? `${what} (${usually})` : `${what} ${event}`;
  const rows: Row[] = [];
  const add = (what: string, subject: string, against: string, python: string) => {
    const peer = event === undefined ? { python: pythonSubject(python) } : {};
    rows.push({ what, subject, against, ...peer });
    rows.push({
      what: 'the same, all clients loaded',
      subject: withClients(subject),
      against: subject,
      ...peer,
    });
  };
  add(named('encode', 'conversion, checks'), 'encode', 'avsc toBuffer', 'encode');
  if (event === undefined)
    add('check as `sendEvent` does, then encode', 'check and encode', 'avsc toBuffer', 'encode');
  add(named('decode', 'conversion, checks, limits'), 'decode', 'avsc fromBuffer', 'decode');
  if (event === undefined) {
    rows.push({
      what: 'avsc toBuffer, all clients loaded',
      subject: withClients('avsc toBuffer'),
      against: 'avsc toBuffer',
    });
  }
  return rows;
}
