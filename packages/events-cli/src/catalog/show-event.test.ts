import { describe, expect, it } from 'vitest';
import { run } from '../run.test-support.js';

const type = 'org.openedx.learning.course.enrollment.created.v1';

describe('catalog show', () => {
  it('prints what the event is and its fields with types, personal data and defaults', async () => {
    const { code, stdout, stderr } = await run(['catalog', 'show', type]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n').map((line) => line.trim().replace(/ +/g, ' '));
    expect(lines).toEqual(
      expect.arrayContaining([
        type,
        'A user was enrolled in a course run.',
        'name COURSE_ENROLLMENT_CREATED',
        'key field enrollment.course.course_key',
        'pii email_address, id, name, username',
        'produced by openedx/openedx-platform',
        'since 0.4.0',
        'local only -',
        'username string [pii: username] The name the user logs in with.',
        'name string, default "" [pii: name] The full name from the profile; empty when it is not known.',
        'start datetime, optional When the course run starts.',
        'course_key CourseKey The key of the course run.',
      ]),
    );
  });

  it('prints one JSON object with the path of every field', async () => {
    const { stdout } = await run(['catalog', 'show', type, '--json']);
    const event = JSON.parse(stdout) as { fields: unknown[] };
    expect(stdout.split('\n')).toHaveLength(2);
    expect(event).toMatchObject({ event_type: type, name: 'COURSE_ENROLLMENT_CREATED', since: '0.4.0' });
    expect(event.fields).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          path: 'enrollment.user.pii.email',
          type: 'string',
          required: true,
          pii: ['email_address'],
        }),
        expect.objectContaining({ path: 'enrollment.user.pii.name', required: false, default: '' }),
      ]),
    );
  });

  it('describes lists, maps and custom types of own events, and why one is local', async () => {
    const own = ['--require', './own-events.test-support.ts'];
    const { stdout } = await run([
      'catalog',
      'show',
      'com.example.billing.invoice.paid.v1',
      '--json',
      ...own,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'INVOICE_PAID',
      fields: [
        { path: 'invoice', type: 'InvoiceData' },
        { path: 'invoice.number', type: 'long', doc: 'The number on the paper.' },
        { path: 'invoice.total', type: 'Money' },
        { path: 'invoice.lines', type: 'list<InvoiceLine>' },
        { path: 'invoice.lines[].title', type: 'string' },
        { path: 'invoice.lines[].total', type: 'Money' },
        { path: 'invoice.rates', type: 'map<double>' },
        { path: 'invoice.note', type: 'string', required: false, pii: ['other'] },
        { path: 'invoice.channel', type: 'string', required: false, default: 'web' },
        { path: 'invoice.seal', type: 'bytes' },
      ],
    });
    const local = await run(['catalog', 'show', 'com.example.billing.draft.saved.v1', ...own]);
    expect(local.stdout).toContain('drafts are nobody else’s business');
    expect(local.stdout).toContain('drafts are gone');
  });

  it('names the nearest event type for one that is unknown', async () => {
    const { code, stdout, stderr } = await run(['catalog', 'show', type.replace('ll', 'l')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`did you mean ${type}?`);
  });
});
