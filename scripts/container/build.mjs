/** Builds the stages of a Dockerfile, each in a copy of its base, as its instructions say. */
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, posix, relative } from 'node:path';
import { createFilter, parseCommand, parseCopy, parseDockerfile, parseEnv } from './dockerfile.mjs';
import { makeBase, run, runInside } from './root.mjs';

function copy(state, { from, sources, target }) {
  const { context, sent, built } = state;
  const source = from === '' ? context : built.get(from)?.root;
  if (source === undefined) throw new Error(`there is no stage ${from}`);
  const directory = sources.length > 1 || target.endsWith('/') || target === '.';
  for (const name of sources) {
    const path = join(source, name);
    if (!existsSync(path) || (from === '' && !sent(name))) throw new Error(`COPY ${name}: no such file is sent`);
    const place = join(state.root, posix.resolve(state.workdir, target));
    const to = directory && !statSync(path).isDirectory() ? join(place, basename(name)) : place;
    const filter = (one) => from !== '' || sent(relative(context, one));
    cpSync(path, to, { recursive: true, filter, verbatimSymlinks: true });
  }
}

const STEPS = {
  WORKDIR(state, text) {
    state.workdir = posix.resolve(state.workdir, text);
    mkdirSync(join(state.root, state.workdir), { recursive: true });
  },
  ENV: (state, text) => Object.assign(state.env, parseEnv(text)),
  COPY: (state, text) => copy(state, parseCopy(text)),
  RUN(state, text) {
    const { workdir, user } = state;
    runInside(state.root, { workdir, user, env: { ...state.env, ...state.buildEnv } }, ['/bin/sh', '-c', text]);
  },
  USER(state, text) {
    state.user = text;
  },
  VOLUME(state, text) {
    state.volume = text;
  },
  EXPOSE(state, text) {
    state.port = text;
  },
  HEALTHCHECK(state, text) {
    state.health = parseCommand(text);
  },
  CMD(state, text) {
    state.command = parseCommand(text);
  },
};

/**
 * `context` is the folder of the Dockerfile, `work` where the stages go, `bases` where what they begin with is or is put, `buildEnv` what RUN has beside ENV (as build
 * arguments do). Gives the last stage; `note` is told of every step and what it took.
 */
export function buildStages({ context, work, bases, buildEnv, note }) {
  const sent = createFilter(readFileSync(join(context, '.dockerignore'), 'utf8'));
  const built = new Map();
  let last;
  for (const [index, { image, name, steps }] of parseDockerfile(
    readFileSync(join(context, 'Dockerfile'), 'utf8'),
  ).entries()) {
    const base = join(bases, image.replaceAll(/\W/g, '-'));
    note(`FROM ${image}`, () => makeBase(base, image));
    const root = join(work, `stage-${index}`);
    run('cp', ['-a', base, root]);
    // The network of this machine, and whom it trusts there.
    for (const file of ['resolv.conf', 'hosts', 'ssl/certs/ca-certificates.crt'])
      cpSync(join('/etc', file), join(root, 'etc', file), { dereference: true });
    const state = {
      context,
      sent,
      built,
      buildEnv,
      root,
      workdir: '/',
      env: {},
      user: 'root',
      volume: '',
      command: [],
    };
    for (const { keyword, text } of steps) {
      const step = STEPS[keyword];
      if (!step) throw new Error(`${keyword} is not understood`);
      note(`${keyword} ${text}`, () => step(state, text));
    }
    built.set(name, state);
    last = state;
  }
  return last;
}
