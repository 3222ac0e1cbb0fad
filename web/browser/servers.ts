import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** The server as it runs, for those who end it and start it again: tests do not share memory with this file's process. */
interface RunningServer {
  pid: number;
  args: string[];
}
const noteOf = (folder: string) => join(folder, 'server.json');

async function startServer(folder: string, args: string[]): Promise<Program> {
  const server = await start('motcua', args, ['public', 'staff'], join(folder, 'errors'));
  const running: RunningServer = { pid: server.child.pid!, args };
  writeFileSync(noteOf(folder), JSON.stringify(running));
  return server;
}

async function endServer(folder: string, signal: NodeJS.Signals): Promise<string[]> {
  const { pid, args } = JSON.parse(readFileSync(noteOf(folder), 'utf8')) as RunningServer;
  const runs = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  if (runs()) process.kill(pid, signal);
  while (runs()) await new Promise((look) => setTimeout(look, 20));
  return args;
}

/** Ends the server as a power cut would, in the middle of whatever it does; `start` is to be called once. */
export async function killServer(folder: string): Promise<{ start: () => Promise<void> }> {
  const args = await endServer(folder, 'SIGKILL');
  return {
    start: async () => {
      const { child } = await startServer(folder, args);
      child.unref();
      child.stdout!.destroy();
    },
  };
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
    // A port that stays when the server is started again.
    const settings = [storage, `zalo.api_base=${simulatorUrl}`, `public.port=${port}`, `staff.port=${await freePort()}`, 'outbox.settle_seconds=2'];
    const server = await startServer(folder, ['serve', '--demo', ...settings.flatMap((each) => ['--set', each])]);
    project.provide('staffUrl', server.addresses.get('staff')!);
    project.provide('simulatorUrl', simulatorUrl);
    project.provide('folder', folder);
  } catch (error) {
    await Promise.all(running.map(stop));
    throw error;
  }
  return async () => {
    await endServer(folder, 'SIGTERM');
    await Promise.all(running.map(stop));
    if (process.env.MOTCUA_KEEP === undefined) rmSync(folder, { recursive: true });
  };
}
