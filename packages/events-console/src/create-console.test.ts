import { configureEvents, InvalidOptionsError } from '@openedx-ts/events-core';
import { describe, expect, it, vi } from 'vitest';
import type { EventAnswer } from './answers/event-answer.js';
import type { EventsAnswer } from './answers/events-answer.js';
import type { OverviewAnswer } from './answers/overview-answer.js';
import { consoleClient } from './console-request.test-support.js';
import { consoleWorld, PERSONAL } from './console-world.test-support.js';
import { type ConsoleOptions, createConsole } from './create-console.js';

const topic = 'learning-course-enrollment-lifecycle';

async function opened(options: Partial<ConsoleOptions> = {}) {
  const world = await consoleWorld();
  const console = createConsole({ admin: world.admin, loadSignal: world.loadSignal, ...options });
  return { world, console, ...consoleClient(console) };
}

describe('createConsole', () => {
  it('shows each topic with its groups, their lag and dead letters', async () => {
    const { world, json } = await opened();
    await world.enrol(10);
    world.bury(2);
    await world.group(topic, 'certificates', 1);
    const { topics, findings } = await json<OverviewAnswer>('/api/overview');
    expect(findings[0]).toMatchObject({ subject: 'broker', verdict: 'ok' });
    const lags = await world.admin.lag({ topics: [topic] });
    expect(topics.find((one) => one.topic === topic)).toMatchObject({
      length: 10,
      lanes: 2,
      groups: [
        { groupId: 'certificates', deadLetters: 2, lag: lags.reduce((sum, { lag }) => sum + (lag ?? 0), 0) },
      ],
    });
  });

  it('shows dead letters of a group that the broker does not know any more', async () => {
    const { world, json } = await opened();
    await world.enrol(1);
    world.bury(1, { group: 'gone' });
    const { topics } = await json<OverviewAnswer>('/api/overview');
    expect(topics[0]?.groups).toMatchObject([{ groupId: 'gone', deadLetters: 1, lag: null }]);
  });

  it('shows the bus where topics of other programs have names that no topic of events has', async () => {
    const { world, json } = await opened();
    await world.enrol(3);
    world.bury(1);
    for (const name of ['jobs:queue', 'x'.repeat(230)])
      world.broker.append({ topic: name, key: null, value: null, headers: [] });
    const { topics } = await json<OverviewAnswer>('/api/overview');
    expect(topics.map((one) => one.topic)).toContain('jobs:queue');
    expect(topics.find((one) => one.topic === topic)?.groups).toMatchObject([{ deadLetters: 1 }]);
  });

  it('pages through the newest events, and through those that meet a filter', async () => {
    const { world, json } = await opened();
    const ids = await world.enrol(12);
    const first = await json<EventsAnswer>(`/api/topics/${topic}/events?count=5`);
    const second = await json<EventsAnswer>(`/api/topics/${topic}/events?count=50&before=${first.before}`);
    const seen = [...first.events, ...second.events].map(({ id }) => id);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(second.before).toBeNull();
    const verified = await json<EventsAnswer>(`/api/topics/${topic}/events?field=enrollment.mode=verified`);
    expect(verified.events).toHaveLength(3);
    const one = await json<EventsAnswer>(`/api/topics/${topic}/events?text=${ids[4]}`);
    expect(one.events.map(({ id }) => id)).toEqual([ids[4]]);
    expect(
      (await json<EventsAnswer>(`/api/topics/${topic}/events?header=ce_source=lms`)).events,
    ).toHaveLength(12);
    expect(
      (await json<EventsAnswer>(`/api/topics/${topic}/events?since=2099-01-01T00:00:00Z`)).events,
    ).toEqual([]);
  });

  it('asks the bus for pages, and not for each event, where few events meet a filter', async () => {
    const { world, json } = await opened();
    const ids = await world.enrol(900);
    const newest = vi.spyOn(world.admin.topics, 'newest');
    const path = `/api/topics/${topic}/events?count=7`;
    const found = await json<EventsAnswer>(`${path}&text=${ids[0]}`);
    expect(found.events.map(({ id }) => id)).toEqual([ids[0]]);
    expect(newest.mock.calls.length).toBeLessThan(10);
    const seen: (string | null)[] = [];
    for (let before: string | null = ''; before !== null; ) {
      const filter = `field=enrollment.mode=verified${before === '' ? '' : `&before=${before}`}`;
      const page: EventsAnswer = await json<EventsAnswer>(`${path}&${filter}`);
      expect(page.events.length).toBeLessThanOrEqual(7);
      seen.push(...page.events.map(({ id }) => id));
      before = page.before;
    }
    expect(seen.toSorted()).toEqual(ids.filter((_id, index) => index % 4 === 0).toSorted());
  });

  it('hides personal data before anything can filter or search them', async () => {
    const { world, get, json } = await opened();
    await world.enrol(3);
    const path = `/api/topics/${topic}/events`;
    const [newest] = (await json<EventsAnswer>(path)).events;
    const texts = await Promise.all(
      [path, `${path}/${newest?.position}`, `/api/events/${newest?.id}`].map(async (one) =>
        (await get(one)).text(),
      ),
    );
    for (const value of PERSONAL) expect(texts.join()).not.toContain(value);
    for (const filter of [
      'field=enrollment.user.pii.username=ada.lovelace',
      'field=enrollment.user.pii.username=***',
      'field=enrollment.user.id=1000',
      'text=ada.lovelace',
      'text=***',
    ])
      expect((await json<EventsAnswer>(`${path}?${filter}`)).events, filter).toEqual([]);
  });

  it('hides personal values in the messages of dead letters', async () => {
    const { world, get } = await opened();
    await world.enrol(1);
    world.bury(1, { message: 'Error: no seat for ada.lovelace' });
    const text = await (await get(`/api/dead-letters/${topic}/certificates`)).text();
    expect(text).toContain('no seat for ***');
    expect(text).not.toContain('ada.lovelace');
    const deadLetters = await get(`/api/topics/${topic}.certificates.dlq/events`);
    const [one] = ((await deadLetters.json()) as EventsAnswer).events;
    const deadLetter = await get(`/api/topics/${topic}.certificates.dlq/events/${one?.position}`);
    expect([deadLetter.status, await deadLetter.text()]).toEqual([
      200,
      expect.not.stringContaining('ada.lovelace'),
    ]);
  });

  it('shows personal data to those who may see them, and records it', async () => {
    const recorded: string[] = [];
    const { world, get } = await opened({
      access: () => ({ who: 'grace', unmask: true }),
      audit: ({ who, action, target }) => void recorded.push(`${who} ${action} ${target}`),
    });
    await world.enrol(1);
    const path = `/api/topics/${topic}/events`;
    expect(await (await get(path)).text()).not.toContain('ada.lovelace');
    expect(await (await get(`${path}?unmask=1`)).text()).toContain('ada.lovelace');
    expect(recorded).toEqual([`grace unmask ${topic}`]);
  });

  it('shows everything about one event', async () => {
    const { world, json } = await opened({ traceUrl: 'https://traces.test/{traceId}' });
    const [id] = await world.enrol(1);
    world.bury(1);
    const { places } = await json<{ places: { position: string }[] }>(`/api/events/${id}`);
    const event = await json<EventAnswer>(`/api/topics/${topic}/events/${places[0]?.position}`);
    expect(event).toMatchObject({
      id,
      isMasked: true,
      hex: null,
      traceId: '44444444444444444444444444444440',
      fates: [{ groupId: 'certificates', state: 'dead-lettered', deadLetter: { code: 'RECEIVER_FAILED' } }],
    });
    expect(JSON.parse(event.data ?? '')).toMatchObject({
      enrollment: { mode: 'verified', user: { pii: { name: '***' } } },
    });
    expect(JSON.parse(event.metadata ?? '')).toMatchObject({ id, source: 'openedx/lms/web' });
    expect(event.schemas.writer).toBe(event.schemas.reader);
  });

  it('sends an edited event, and keeps what is masked in it', async () => {
    const { world, json, post } = await opened({ access: () => ({ who: 'ada', act: true }) });
    const [id] = await world.enrol(1);
    const [first] = (await json<EventsAnswer>(`/api/topics/${topic}/events`)).events;
    const path = `/api/topics/${topic}/events/${first?.position}`;
    const { data } = await json<EventAnswer>(path);
    const edited = data?.replace('"verified"', '"honor"');
    const sent = (await (await post(`${path}/send`, { data: edited })).json()) as {
      position: string;
      id: string;
    };
    const again = await json<EventAnswer>(`/api/topics/${topic}/events/${sent.position}`);
    expect(JSON.parse(again.metadata ?? '')).toMatchObject({ id: sent.id, causationid: id });
    expect(JSON.parse(again.data ?? '')).toMatchObject({ enrollment: { mode: 'honor' } });
    const [original, copy] = world.broker.messages(topic);
    expect(copy?.key).toEqual(original?.key);
    expect(Buffer.from(copy?.value ?? []).toString()).toContain('ada.lovelace');
    const refused = await post(`${path}/send`, { data: '{"enrollment": {"mode": 1}}' });
    expect([refused.status, await refused.json()]).toMatchObject([422, { code: 'EVENTS_INVALID_DATA' }]);
    expect((await post(`${path}/send`, { data: '{' })).status).toBe(400);
    expect(world.broker.messages(topic)).toHaveLength(2);
  });

  it('shows hostile data as text, cut, and without characters that steer a page or a terminal', async () => {
    const { world, get, json } = await opened();
    const displayName = `<script>alert(1)</script>\u202E\u001b[31m${'x'.repeat(1_000_000)}`;
    await world.enrol(1, { displayName });
    const list = await (await get(`/api/topics/${topic}/events`)).text();
    expect(list.length).toBeLessThan(2_000);
    const [line] = (JSON.parse(list) as EventsAnswer).events;
    const event = await json<EventAnswer>(`/api/topics/${topic}/events/${line?.position}`);
    expect(event.data).toContain('<script>alert(1)</script>\\u202e\\u001b[31mxxx');
    for (const text of [line?.preview, event.data?.replaceAll('\n', '')])
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(event).toMatchObject({ bytes: expect.any(Number), problem: null });
  });

  it('answers 404 for an event that is not there, and 400 for a position that is none', async () => {
    const { world, get } = await opened();
    await world.enrol(1);
    expect((await get(`/api/topics/${topic}/events/0:99`)).status).toBe(404);
    expect((await get(`/api/topics/${topic}/events/yesterday`)).status).toBe(400);
    expect((await get('/api/nothing')).status).toBe(404);
  });

  it('follows a topic, and ends the stream when the console closes', async () => {
    const { world, console, get } = await opened();
    await world.enrol(1);
    const stream = await get(`/api/topics/${topic}/live?field=enrollment.mode=audit`);
    const reader = (stream.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    const first = reader.read();
    await world.enrol(2);
    const { value } = await first;
    expect(JSON.parse(/^data: (.*)$/m.exec(value ?? '')?.[1] ?? '')).toMatchObject({ events: [{ topic }] });
    await console.close();
    await console.close();
    let end = await reader.read();
    while (!end.done) end = await reader.read();
    expect(end.done).toBe(true);
  });

  it('misses no event between the list and its live view, and repeats none when a browser connects again', async () => {
    const { world, console, get, json } = await opened();
    await world.enrol(1);
    const { end } = await json<EventsAnswer>(`/api/topics/${topic}/events`);
    const [between] = await world.enrol(1);
    const live = `/api/topics/${topic}/live?from=${end}`;
    const firstOf = async (stream: Response) => {
      const { value } = (await stream.body?.getReader().read()) ?? {};
      return Buffer.from(value ?? []).toString();
    };
    const text = await firstOf(await get(live));
    expect(text).toContain(between);
    const [, lastEventId = ''] = /^id: (.*)$/m.exec(text) ?? [];
    const again = firstOf(await get(live, { 'last-event-id': lastEventId }));
    await new Promise(setImmediate);
    const [later] = await world.enrol(1);
    expect(await again).toContain(later);
    expect(await again).not.toContain(between);
    await console.close();
  });

  it('has at most a hundred live views open, and one more when one has ended', async () => {
    const { console, get } = await opened();
    const path = `/api/topics/${topic}/live`;
    const views = await Promise.all(Array.from({ length: 100 }, () => get(path)));
    expect(views.map(({ status }) => status)).toEqual(Array(100).fill(200));
    const refused = await get(path);
    expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'CONSOLE_BUSY' }]);
    await views[0]?.body?.cancel();
    await vi.waitFor(async () => expect((await get(path)).status).toBe(200));
    await console.close();
  });

  it('logs no error when a client leaves before its answer is there', async () => {
    const error = vi.fn();
    using _logger = configureEvents({ logger: { debug() {}, info() {}, warn() {}, error } });
    const { world, console } = await opened();
    await world.enrol(1);
    const url = `http://console.test/api/topics/${topic}/events?type=none`;
    await console.fetch(new Request(url, { signal: AbortSignal.abort() }));
    expect(error).not.toHaveBeenCalled();
  });

  it('refuses a bus that gives no access to its topics, and a base that is no path', async () => {
    const { admin } = await consoleWorld();
    const bare = {
      lag: admin.lag,
      diagnose: admin.diagnose,
      close: admin.close,
      [Symbol.asyncDispose]: admin.close,
    };
    expect(() => createConsole({ admin: bare as typeof admin })).toThrow(InvalidOptionsError);
    expect(() => createConsole({ admin, basePath: 'console/' })).toThrow(InvalidOptionsError);
  });
});
