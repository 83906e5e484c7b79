/** The chapters of the story test, which stop after the first failure, and the checks they share. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeCloud } from './fake-cloud/fake-cloud';
import { roleKeys } from './fake-cloud/scf-function';
import { killCommand, type Outcome, type Project } from './project';

let ended = false;

/** A chapter of the story. The chapters after a failed one fail too. */
export function chapter(name: string, run: () => Promise<void> | void): void {
  const once = async () => {
    if (ended) throw new Error('an earlier chapter failed');
    ended = true;
    await run();
    ended = false;
  };
  it(name, once);
}

/** Throws with everything the command printed unless it succeeded. */
export function expectSuccess(outcome: Outcome): void {
  if (outcome.code !== 0) throw new Error(`sls ended with ${outcome.code}:\n${outcome.text}`);
}

/** The names of the actions that changed something since the given call. */
export function changesOf(cloud: FakeCloud, start: number): string[] {
  return cloud.calls
    .slice(start)
    .filter(({ name, refused }) => refused === '' && !/:(Describe|Get|List|Search|Invoke)/.test(name))
    .map(({ name }) => name);
}

interface Scene {
  readonly project: Project;
  readonly cloud: FakeCloud;
  readonly args?: readonly string[];
  /** SIGINT: Ctrl-C, with npx in front of it. Default: a power cut (SIGKILL), which needs no npx. */
  readonly signal?: NodeJS.Signals | undefined;
}

/** Starts a deploy and ends it when this action is done and not yet answered; returns its output. */
export async function killDeployAfter(action: string, scene: Scene): Promise<string> {
  const { project, cloud, signal, args = ['deploy'] } = scene;
  let outcome: Promise<Outcome> | undefined;
  await new Promise<void>((resolve) => {
    const run = signal === undefined ? project.sls : project.npxSls;
    outcome = run(args, (child) => {
      cloud.after(action, () => {
        killCommand(child, signal);
        resolve();
        // Its answer never comes.
        return outcome;
      });
    });
    void outcome.then(() => resolve());
  });
  const text = (await outcome)?.text ?? '';
  if (cloud.calls.at(-1)?.name !== action) throw new Error(`the deploy ended before ${action}:\n${text}`);
  expect(text).not.toContain('answer:');
  return text;
}

/** No secret of a function, and not the API key, is in the output of a command. */
export function expectSecretsHidden(text: string, cloud: FakeCloud, ...more: string[]): void {
  const variables = cloud.scf.function('live-room-dev')?.latest.configuration.Environment?.Variables ?? [];
  const secrets = variables
    .filter(({ Key }) => /SECRET|PASSWORD|ADMIN_KEY|DATA_KEYS/.test(Key ?? ''))
    .map(({ Value }) => Value ?? '');
  for (const secret of [...secrets, cloud.keys.secretKey, roleKeys.secretKey, roleKeys.token, ...more])
    expect(text).not.toContain(secret);
}

/** The actions of the CAM policy in a page of docs/ that allows `including`: for example `scf:CreateFunction`. */
export function allowedActions(page: string, including = 'sts:GetCallerIdentity'): string[] {
  const text = readFileSync(join(__dirname, '../../docs', page), 'utf8');
  const blocks = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  const policy = blocks.find((block) => block.includes('"statement"') && block.includes(`"${including}"`));
  const { statement } = JSON.parse(policy ?? '{"statement":[]}') as { statement: { action: string[] }[] };
  return statement.flatMap(({ action }) => action);
}
