/** The `tencent` provider of the Serverless Framework: maps commands to the steps, and their errors to messages. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { buildPackage, packageFile, readPackage } from './bundle';
import { systemClock } from './clock';
import { type Cloud, createCloud } from './cloud';
import { commands } from './commands';
import type { Context } from './context';
import { findCredential } from './credentials';
import { deploy } from './deploy';
import { DeployError } from './deploy-error';
import { readEnvironment, shellSettings, type Variables } from './environment';
import type { Framework, Writers } from './framework';
import { info } from './info';
import { eventOf, type InvokeOptions, invoke, invokeLocal } from './invoke';
import { logs } from './logs';
import { showPlan } from './plan';
import { showOfflinePlan } from './plan-offline';
import { configurationProblems, missingCredential, preflight } from './preflight';
import { functionSchema, providerSchema } from './provider-schema';
import { remove } from './remove';
import { createReporter, type Reporter } from './reporter';
import { rollback } from './rollback';
import { type Rotation, rotations } from './secrets';
import { readSettings, type Settings } from './settings';
import { openState } from './state';
import { unknownOption } from './suggestion';

type Options = Readonly<Record<string, string | boolean | null | undefined>>;
type Hook = () => Promise<void>;

/** Overrides the address of every product of the cloud API, for tests and gateways. */
const endpointVariable = 'TENCENT_API_ENDPOINT';

/** Another version was never tested with this provider; version 4 of the upstream framework also asks for a licence. */
function checkFramework({ version, serviceDir, classes }: Framework): void {
  const { version: ours } = JSON.parse(
    readFileSync(join(serviceDir, 'node_modules', 'serverless', 'package.json'), 'utf8'),
  ) as { version: string };
  if (version === ours) return;
  throw new classes.Error(
    `serverless ${version} is running, installed globally; this project uses ${ours}. Write \`npx sls\` instead of \`sls\`.`,
    'TENCENT_DEPLOY',
  );
}

export class TencentProvider {
  static getProviderName(): string {
    return 'tencent';
  }

  readonly commands = commands;
  readonly hooks: Record<string, Hook>;
  readonly #framework: Framework;
  readonly #options: Options;
  readonly #report: Reporter;
  /** The plan was shown without asking the account. */
  #planned = false;

  constructor(framework: Framework, options: Options, writers: Writers) {
    this.#framework = framework;
    this.#options = options;
    this.#report = createReporter(writers);
    checkFramework(framework);
    const unknown = unknownOption(process.argv.slice(2), commands);
    if (unknown !== undefined) throw new framework.classes.Error(unknown, 'TENCENT_DEPLOY');
    framework.setProvider('tencent', this);
    framework.configSchemaHandler.defineProvider('tencent', { provider: providerSchema, function: functionSchema });
    const hooks: Record<string, Hook> = {
      'deploy:check': () => this.#check(),
      'package:createDeploymentArtifacts': () => this.#package(),
      'deploy:publish': () => this.#deploy(),
      'remove:unpublish': () => remove(this.#context('remove'), { deleteData: options['delete-data'] === true }),
      'info:show': () => info(this.#context('info')),
      'logs:show': () => this.#logs(),
      'invoke:call': () => invoke(this.#context('invoke'), this.#invokeOptions()),
      'invoke:local:call': () => this.#invokeLocal(),
      'rollback:switch': () => rollback(this.#context('rollback'), this.#versionOption()),
    };
    this.hooks = Object.fromEntries(Object.entries(hooks).map(([event, hook]) => [event, this.#readable(hook)]));
  }

  /** A DeployError is printed without its stack; any other error keeps it, for a bug report. */
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

  /** Ctrl-C: every step finds existing resources, so there is nothing to clean up. Nothing is said if nothing was changing. */
  #interrupted(): void {
    const now = this.#report.now();
    if (now !== '') {
      process.stderr.write(
        `\nInterrupted (${now}). Work that was started continues in the cloud; run the same command again to continue.\n`,
      );
    }
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

  #context(command: string): Context {
    const settings = this.#settings();
    const env = this.#environment(settings);
    const cloud = this.#cloud(settings, env);
    if (!cloud) throw new DeployError(missingCredential(command));
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
    // A wrong --package is reported before any request, as every mistake of the command line.
    if (this.#text('package') !== undefined) readPackage(this.#packageFile());
    this.#planned = this.#offlinePlan();
    if (this.#planned) return;
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

  #rotation(): Rotation {
    const rotate = this.#text('rotate') ?? 'none';
    const rotation = rotations.find((known) => known === rotate);
    if (rotation !== undefined) return rotation;
    throw new DeployError(`--rotate ${rotate}: it takes ${rotations.slice(1).join(', ')}.`);
  }

  /** `--plan` without an API key. */
  #offlinePlan(): boolean {
    const settings = this.#settings();
    const env = this.#environment(settings);
    if (this.#options['plan'] !== true || this.#cloud(settings, env)) return false;
    const missing = [...configurationProblems(settings, env), 'an API key: https://console.cloud.tencent.com/cam/capi'];
    showOfflinePlan(this.#report, settings, missing);
    return true;
  }

  async #deploy(): Promise<void> {
    if (this.#planned) return;
    const code = readPackage(this.#packageFile());
    if (this.#options['plan'] === true) return showPlan(this.#context('deploy'), code);
    await deploy(this.#context('deploy'), { code, force: this.#options['force'] === true, rotate: this.#rotation() });
  }

  async #logs(): Promise<void> {
    await logs(this.#context('logs'), {
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
