import { describe, expect, it } from 'vitest';
import { redisAddress } from './redis-address.js';

const defaults = {
  host: 'localhost',
  port: 6379,
  path: undefined,
  isTls: false,
  username: '',
  password: '',
  db: 0,
};

describe('redisAddress', () => {
  it.each([
    ['redis://localhost', {}],
    ['redis:///2', { db: 2 }],
    ['redis://redis.example.org:7000/3', { host: 'redis.example.org', port: 7000, db: 3 }],
    ['redis://[::1]:7000', { host: '::1', port: 7000 }],
    ['rediss://h', { host: 'h', isTls: true }],
    ['redis://:secret@h', { host: 'h', password: 'secret' }],
    ['redis://lms@h', { host: 'h', username: 'lms' }],
    [
      'redis://l%40ms:p%2Fw%3F%23%40%25%3A%C3%A9@h/1?socket_timeout=90',
      { host: 'h', username: 'l@ms', password: 'p/w?#@%:é', db: 1 },
    ],
    ['redis://h?db=4&username=u&password=p', { host: 'h', db: 4, username: 'u', password: 'p' }],
    ['redis://h/2?db=3', { host: 'h', db: 3 }],
    ['redis://h/2?db=&db=3', { host: 'h', db: 3 }],
    ['redis://h/2?db=', { host: 'h', db: 2 }],
    ['redis://h/0/', { host: 'h' }],
    ['redis://h//4//', { host: 'h', db: 4 }],
    ['redis://h/', { host: 'h' }],
    ['redis://h/%32', { host: 'h', db: 2 }],
    ['redis://h/007', { host: 'h', db: 7 }],
    ['redis://h:0/1', { host: 'h', db: 1 }],
    ['redis://h:/1', { host: 'h', db: 1 }],
    ['redis:///1?host=other&port=7000', { host: 'other', port: 7000, db: 1 }],
    ['redis://h:1?host=other&port=7000', { host: 'h', port: 1 }],
    ['redis://u:p@h?username=v&password=w', { host: 'h', username: 'u', password: 'p' }],
    ['redis://u@h?password=w', { host: 'h', username: 'u', password: 'w' }],
    ['redis://h%2Dx', { host: 'h-x' }],
    ['redis://:p@ss@h', { host: 'h', password: 'p@ss' }],
    ['unix:///run/redis.sock/2?db=5', { path: '/run/redis.sock/2', db: 5 }],
    ['unix:///run/redis.sock?db=5', { path: '/run/redis.sock', db: 5 }],
    ['unix://u:p@/run/redis.sock', { path: '/run/redis.sock', username: 'u', password: 'p' }],
    ['/run/my%20redis.sock', { path: '/run/my redis.sock' }],
  ])('reads %s', (url, expected) => {
    expect(redisAddress(url)).toEqual({ ...defaults, ...expected });
  });

  it('leaves the rest of the query to redis-py: nothing there changes how this client works', () => {
    const url = 'redis://h?protocol=3&enableOfflineQueue=true&retryStrategy=x&tls=false&ssl_cert_reqs=none';
    expect(redisAddress(url)).toEqual({ ...defaults, host: 'h' });
  });

  it.each([
    ['', /must be a URL such as redis:/],
    ['redis://', /must be a URL/],
    ['localhost:6379', /must be a URL/],
    ['http://localhost', /must be a URL/],
    ['redis://:hunter2@h:notaport', /cannot be read as a URL/],
    ['redis://:hunter2@h:99999', /cannot be read as a URL/],
    ['redis://:hunter2%@h', /% are written as/],
    ['redis://:hunter2/x@h', /cannot be read as a URL/],
    ['redis://u:6379?hunter2@h', /cannot be read as a URL/],
    ['redis://u:6379/hunter2@h', /cannot be read as a URL/],
    ['redis://u:6379#hunter2@h', /cannot be read as a URL/],
    ['redis://h/hunter2', /database at its end must be a number/],
    ['redis://h/1/2', /database at its end must be a number/],
    ['redis://h/-1', /database at its end must be a number/],
    ['redis://h/2?db=-3', /database at its end must be a number/],
    ['redis://h/2?db=+3', /database at its end must be a number/],
    ['redis:///?host=h&port=hunter2', /port must be a number/],
    ['redis:///?host=h&port=70000', /port must be a number/],
    ['unix://?path=/run/redis.sock', /must name the path/],
    ['unix:///', /must name the path/],
    ['/', /must name the path/],
    ['redis://h?db=hunter2', /database at its end must be a number/],
  ])('reports what is wrong with %j, without repeating it', (url, problem) => {
    const address = redisAddress(url) as { problem: string };
    expect(address.problem).toMatch(problem);
    expect(address.problem).not.toMatch(/hunter2/);
  });
});
