import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';

/** Of the build under test; MOTCUA_BUILD names another one. */
const programs = resolve(process.env.MOTCUA_BUILD ?? '../build/release');
const sources = resolve('..');

export interface Program {
  child: ChildProcess;
  addresses: Map<string, string>;
}

declare module 'vitest' {
  interface ProvidedContext {
    staffUrl: string;
    simulatorUrl: string;
    folder: string;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

/** Starts a program and waits for its "listening WORD URL" lines. */
async function start(program: string, args: string[], words: string[], errors: string): Promise<Program> {
  const child = spawn(join(programs, program), args, {
    cwd: sources,
    env: { ...process.env, MOTCUA_OA_SECRET_KEY: 'demo-oa-secret-key' },
    stdio: ['ignore', 'pipe', openSync(errors, 'a')],
  });
  const addresses = new Map<string, string>();
  const lines = createInterface({ input: child.stdout! });
  await new Promise<void>((done, failed) => {
    lines.on('line', (line) => {
      const [, word, url] = /^listening (\S+) (\S+)$/.exec(line) ?? [];
      if (word && url) addresses.set(word, url);
      if (words.every((each) => addresses.has(each))) done();
    });
    child.on('error', failed);
    child.on('exit', (code) => failed(new Error(`${program} ended with ${code}:\n${readFileSync(errors, 'utf8').slice(-4000)}`)));
  });
  return { child, addresses };
}

async function stop({ child }: Program): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await ended;
}

/** One server and one simulator for all tests: each test has citizens and complaints of its own. */
export default async function servers(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'motcua-browser-'));
  const errors = join(folder, 'errors');
  const port = await freePort();
  const running: Program[] = [];
  try {
    const simulator = await start('motcua-zalo-sim', ['--server', `http://127.0.0.1:${port}`, '--port', '0'], ['simulator'], errors);
    running.push(simulator);
    const simulatorUrl = simulator.addresses.get('simulator')!;
    const storage = `storage.directory=${join(folder, 'storage')}`;
    execFileSync(join(programs, 'motcua'), ['demo-data', '--demo', '--complaints', '120', '--set', storage], { cwd: sources });
    const settings = [storage, `zalo.api_base=${simulatorUrl}`, `public.port=${port}`, 'staff.port=0'];
    const server = await start('motcua', ['serve', '--demo', ...settings.flatMap((each) => ['--set', each])], ['public', 'staff'], errors);
    running.push(server);
    project.provide('staffUrl', server.addresses.get('staff')!);
    project.provide('simulatorUrl', simulatorUrl);
    project.provide('folder', folder);
  } catch (error) {
    await Promise.all(running.map(stop));
    throw error;
  }
  return async () => {
    await Promise.all(running.map(stop));
    if (process.env.MOTCUA_KEEP === undefined) rmSync(folder, { recursive: true });
  };
}
