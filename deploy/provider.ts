/**
 * The `tencent` provider of the Serverless Framework: turns commands into calls of the steps next to this file, and
 * their errors into messages. Nothing is decided here.
 */
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { buildPackage, packageFile, readPackage } from './bundle';
import { systemClock } from './clock';
import { type Cloud, createCloud } from './cloud';
import { commands } from './commands';
import type { Context } from './context';
import { findCredential } from './credentials';
import { type DeployOptions, deploy } from './deploy';
import { DeployError } from './deploy-error';
import { readEnvironment, shellSettings, type Variables } from './environment';
import type { Framework, Writers } from './framework';
import { info } from './info';
import { eventOf, type InvokeOptions, invoke, invokeLocal } from './invoke';
import { logs } from './logs';
import { showPlan } from './plan';
import { missingCredential, preflight } from './preflight';
import { functionSchema, providerSchema } from './provider-schema';
import { remove } from './remove';
import { createReporter, type Reporter } from './reporter';
import { rollback } from './rollback';
import { readSettings, type Settings } from './settings';
import { openState } from './state';

type Options = Readonly<Record<string, string | boolean | null | undefined>>;
type Hook = () => Promise<void>;

const rotations = ['none', 'token-secret', 'database-password', 'admin-key'] as const;

/** Overrides the address of every product of the cloud API, for tests and gateways. */
const endpointVariable = 'TENCENT_API_ENDPOINT';

export class TencentProvider {
  static getProviderName(): string {
    return 'tencent';
  }

  readonly commands = commands;
  readonly hooks: Record<string, Hook>;
  readonly #framework: Framework;
  readonly #options: Options;
  readonly #report: Reporter;

  constructor(framework: Framework, options: Options, writers: Writers) {
    this.#framework = framework;
    this.#options = options;
    this.#report = createReporter(writers);
    framework.setProvider('tencent', this);
    framework.configSchemaHandler.defineProvider('tencent', { provider: providerSchema, function: functionSchema });
    const hooks: Record<string, Hook> = {
      'deploy:check': () => this.#check(),
      'package:createDeploymentArtifacts': () => this.#package(),
      'deploy:publish': () => this.#deploy(),
      'remove:unpublish': () => remove(this.#context(), { deleteData: options['delete-data'] === true }),
      'info:show': () => info(this.#context()),
      'logs:show': () => this.#logs(),
      'invoke:call': () => invoke(this.#context(), this.#invokeOptions()),
      'invoke:local:call': () => this.#invokeLocal(),
      'rollback:switch': () => rollback(this.#context(), this.#versionOption()),
    };
    this.hooks = Object.fromEntries(Object.entries(hooks).map(([event, hook]) => [event, this.#readable(hook)]));
  }

  /** Errors made for people lose their stack; all others keep it, for a bug report. */
  #readable(hook: Hook): Hook {
    return async () => {
      const interrupted = () => this.#interrupted();
      process.once('SIGINT', interrupted);
      try {
        await hook();
      } catch (error) {
        if (!(error instanceof DeployError)) throw error;
        throw new this.#framework.classes.Error(error.message, 'TENCENT_DEPLOY');
      } finally {
        process.off('SIGINT', interrupted);
      }
    };
  }

  /** Ctrl-C: every step finds what the ones before have made, so there is nothing to clean up. */
  #interrupted(): void {
    const now = this.#report.now();
    process.stderr.write(
      `\nInterrupted${now === '' ? '' : ` (${now})`}. What was begun goes on in the cloud; run the same command again to continue.\n`,
    );
    process.exit(130);
  }

  #text(option: string): string | undefined {
    const value = this.#options[option];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  #settings(): Settings {
    const { service } = this.#framework;
    const given = { stage: this.#text('stage'), region: this.#text('region') };
    return readSettings(service.service, service.provider, given);
  }

  #environment(settings: Settings): Variables {
    return readEnvironment(this.#framework.serviceDir, settings.stage);
  }

  #cloud(settings: Settings, env: Variables): Cloud | undefined {
    const found = findCredential({ env, home: homedir() });
    return (
      found && createCloud({ credential: found.credential, region: settings.region, endpoint: env[endpointVariable] })
    );
  }

  #context(): Context {
    const settings = this.#settings();
    const env = this.#environment(settings);
    const cloud = this.#cloud(settings, env);
    if (!cloud) throw new DeployError(missingCredential);
    const root = this.#framework.serviceDir;
    return {
      root,
      settings,
      cloud,
      env,
      clock: systemClock,
      report: this.#report,
      state: openState(root, `${settings.name}-${settings.region}`),
    };
  }

  #packageFile(): string {
    const directory = this.#text('package') ?? join(this.#framework.serviceDir, '.serverless');
    return packageFile(directory, this.#framework.service.service);
  }

  async #check(): Promise<void> {
    const settings = this.#settings();
    const env = this.#environment(settings);
    this.#rotation();
    // What --package names is looked at before the network, like every other mistake of the command line.
    if (this.#text('package') !== undefined) readPackage(this.#packageFile());
    await preflight({
      settings,
      env,
      cloud: this.#cloud(settings, env),
      report: this.#report,
      openLogs: this.#options['open-cls'] === true,
      shell: shellSettings(this.#framework.serviceDir, settings.stage),
    });
    if (this.#text('package') === undefined) await this.#framework.pluginManager.spawn('package');
  }

  async #package(): Promise<void> {
    const file = this.#packageFile();
    await this.#report.step(
      'Building',
      () => buildPackage(this.#framework.serviceDir, file),
      ({ zip, hash }) =>
        `Package ${(zip.length / 1024).toFixed(0)} KiB, code ${hash}: ${relative(process.cwd(), file)}`,
    );
  }

  #rotation(): DeployOptions['rotate'] {
    const rotate = this.#text('rotate') ?? 'none';
    const known = rotations.find((one) => one === rotate);
    if (known !== undefined) return known;
    throw new DeployError(`--rotate ${rotate}: it takes ${rotations.slice(1).join(', ')}.`);
  }

  async #deploy(): Promise<void> {
    const code = readPackage(this.#packageFile());
    if (this.#options['plan'] === true) return showPlan(this.#context(), code);
    await deploy(this.#context(), { code, force: this.#options['force'] === true, rotate: this.#rotation() });
  }

  async #logs(): Promise<void> {
    await logs(this.#context(), {
      functionName: this.#functionOption(),
      since: this.#text('since') ?? '10m',
      filter: this.#text('filter'),
      tail: this.#options['tail'] === true,
    });
  }

  #functionOption(): string | undefined {
    const name = this.#text('function');
    if (name === undefined || name === 'web' || name === 'timer') return name;
    throw new DeployError('--function takes web or timer.');
  }

  #invokeOptions(): InvokeOptions {
    return { functionName: this.#functionOption(), data: this.#text('data'), path: this.#text('path') };
  }

  async #invokeLocal(): Promise<void> {
    const root = this.#framework.serviceDir;
    const [settings, event] = [this.#settings(), eventOf(this.#invokeOptions())];
    await this.#package();
    await invokeLocal({ root, settings, report: this.#report, event });
  }

  #versionOption(): number | undefined {
    const text = this.#text('to');
    if (text === undefined) return undefined;
    if (!/^\d{1,9}$/.test(text))
      throw new DeployError('--to takes the number of a version; `npx sls info` lists them.');
    return Number(text);
  }
}
