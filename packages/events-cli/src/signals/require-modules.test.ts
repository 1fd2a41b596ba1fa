import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { run, temporaryFolder } from '../run.test-support.js';

const own = ['--require', fileURLToPath(new URL('../own-events.test-support.ts', import.meta.url))];
const type = 'com.example.billing.invoice.paid.v1';
const record = {
  invoice: {
    number: 1,
    total: '12.50 EUR',
    lines: [{ title: 'Course', total: '12.50 EUR' }],
    rates: { vat: 0.19 },
    note: null,
    channel: 'web',
    seal: '\u00ff\u0000',
  },
};

describe('--require', () => {
  it('brings events with custom types to encode and decode', async () => {
    const text = `${JSON.stringify(record)}\n`.replace('"number":1', '"number":9223372036854775807');
    for (const format of ['hex', 'base64']) {
      const encoded = await run(['encode', '--type', type, '--format', format, ...own], { stdin: text });
      expect(encoded).toMatchObject({ code: 0, stderr: '' });
      const decoded = await run([...own, 'decode', '--type', type, '--format', format], {
        stdin: encoded.stdout,
      });
      expect(decoded).toEqual({ code: 0, stdout: text, stderr: '' });
    }
  });

  it('names the field whose custom value is refused', async () => {
    const stdin = JSON.stringify({ invoice: { ...record.invoice, lines: [{ title: '', total: 'a lot' }] } });
    const { code, stderr } = await run(['encode', '--type', type, '--format', 'hex', ...own], { stdin });
    expect(code).toBe(1);
    expect(stderr).toContain('line 1: ');
    expect(stderr).toContain('invoice.lines.0.total: expected an amount');
    expect(stderr).not.toContain('a lot');
  });

  it('brings events to the catalogue, with the names of their exports', async () => {
    const { stdout } = await run(['catalog', 'list', '--json', '--subdomain', 'billing', ...own]);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events).toMatchObject([
      { event_type: type, name: 'INVOICE_PAID', pii: ['other'], key_field: 'invoice.number' },
      { name: 'DRAFT_SAVED', deprecated: 'drafts are gone' },
    ]);
  });

  it('brings events to the schema commands', async () => {
    using folder = temporaryFolder();
    const made = await run(['schema', 'generate', 'com.example.*', '--out', folder.path, ...own]);
    expect(made.code).toBe(0);
    const files = ['com+example+billing+invoice+paid+v1_schema.avsc', 'definitions.json'];
    expect(made.stdout).toBe(files.map((file) => `${join(folder.path, file)}\n`).join(''));
    expect(made.stderr).toContain('drafts are nobody else’s business');
    const checked = await run(['schema', 'check', '--types', type, '--against', folder.path, ...own]);
    expect(checked.code).toBe(0);
  });

  it('accepts a path from the working directory, or a package as seen from there', async () => {
    using folder = temporaryFolder();
    const installed = join(folder.path, 'node_modules/their-events');
    mkdirSync(installed, { recursive: true });
    writeFileSync(
      join(installed, 'package.json'),
      JSON.stringify({ name: 'their-events', type: 'module', exports: { import: './main.js' } }),
    );
    writeFileSync(join(installed, 'main.js'), `throw new Error('the package was found');`);
    writeFileSync(join(folder.path, 'mine.mjs'), `throw new Error('the file was found');`);

    const options = { cwd: folder.path };
    expect((await run(['catalog', 'list', '--require', 'their-events'], options)).stderr).toContain(
      'the package was found',
    );
    expect((await run(['catalog', 'list', '--require', './mine.mjs'], options)).stderr).toContain(
      'the file was found',
    );
  });

  it.each([['not-installed'], ['./not-there.mjs']])('reports that %s does not exist', async (module) => {
    using folder = temporaryFolder();
    const { code, stdout, stderr } = await run(['catalog', 'list', '--require', module], {
      cwd: folder.path,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`--require ${module}`);
    expect(stderr).toContain('[CLI_REQUIRE]');
  });
});
