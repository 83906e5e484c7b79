/**
 * The services of a run: the built bundle in processes of their own, each behind a TCP proxy that its clients use, each with
 * a clock that can be set off (libfaketime, which the package faketime brings).
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../testkit/lived';
import { type ServiceProcess, startProcess } from '../../testkit/service-process';
import { startTcpProxy, type TcpProxy } from '../../testkit/tcp-proxy';
import type { Recorder } from '../recorder';

const FAKETIME = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((file) => existsSync(file));

export const canSetClocks: boolean = FAKETIME !== undefined;

/** Codes to phones are written to standard error with CODE_DELIVERY=log. */
const CODE_LINE = /sign-in code for (\S+): (\d{6})\n/g;

export interface ServiceOptions {
  index: number;
  bundle: string;
  /** The bundle that it runs until it is upgraded; '' = that of today. */
  older: string;
  env: Readonly<Record<string, string>>;
  recorder: Recorder;
  /** The newest code by phone number, for all services. */
  codes: Map<string, string>;
}

export class Service {
  readonly name: string;
  readonly #options: ServiceOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), 'live-room-chaos-service-'));
  #isOlder: boolean;
  #process: ServiceProcess | undefined;
  #proxy: TcpProxy | undefined;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#isOlder = options.older !== '';
    this.name = `service ${options.index}`;
  }

  /** Between the clients and the service. */
  get proxy(): TcpProxy {
    if (!this.#proxy) throw new Error(`${this.name} has not been started`);
    return this.#proxy;
  }

  get port(): number {
    return this.proxy.port;
  }

  get isOlder(): boolean {
    return this.#isOlder;
  }

  #environment(): Record<string, string> {
    if (FAKETIME === undefined) return { ...this.#options.env };
    return {
      ...this.#options.env,
      LD_PRELOAD: FAKETIME,
      FAKETIME_TIMESTAMP_FILE: this.#clockFile,
      FAKETIME_CACHE_DURATION: '1',
      // Waiting takes as long as it takes; only the time of day jumps.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  get #clockFile(): string {
    return join(this.#folder, 'clock');
  }

  /** Seconds that its clock is ahead (or, below zero, behind). It notices within a second. */
  setClock(seconds: number): void {
    writeFileSync(this.#clockFile, seconds < 0 ? `${seconds}\n` : `+${seconds}\n`);
  }

  #heard(part: string): void {
    this.#options.recorder.heard(this.#options.index, part);
    for (const [, phone = '', code = ''] of part.matchAll(CODE_LINE)) this.#options.codes.set(phone, code);
  }

  async start(): Promise<void> {
    const { bundle: newer, older } = this.#options;
    const bundle = this.#isOlder ? older : newer;
    if (!this.#proxy) this.setClock(0);
    const env = { ...this.#environment(), bundle };
    this.#process = await startProcess(env, { onOutput: (part) => this.#heard(part) });
    if (this.#proxy) this.#proxy.aim(this.#process.port);
    else this.#proxy = await startTcpProxy(this.#process.port);
  }

  /** Resolves when it says of itself that it can work. */
  async ready(): Promise<void> {
    const port = this.#process?.port;
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(`${this.name} is ready`, isReady, 120_000);
  }

  /** Ends it and starts today's version in its place. */
  async upgrade(): Promise<void> {
    await this.terminate();
    this.#isOlder = false;
    await this.start();
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async terminate(): Promise<void> {
    await this.#process?.terminate();
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.signal(name);
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.#proxy?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
