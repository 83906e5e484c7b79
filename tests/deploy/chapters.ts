/** What the story test is told with: chapters that stop after the first that fails, and what must hold in each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from './project';

let ended = false;

/** A chapter of the story. After one that failed there is nothing to tell. */
export function chapter(name: string, tell: () => Promise<void> | void, timeout = 60_000): void {
  const once = async () => {
    if (ended) throw new Error('an earlier chapter failed');
    ended = true;
    await tell();
    ended = false;
  };
  it(name, once, timeout);
}

/** Throws with everything the command printed unless it succeeded. */
export function expectSuccess(outcome: Outcome): void {
  if (outcome.code !== 0) throw new Error(`sls ended with ${outcome.code}:\n${outcome.text}`);
}

/** The actions that the CAM policy in a page of docs/ allows, for example `scf:CreateFunction`. */
export function allowedActions(page: string): string[] {
  const text = readFileSync(join(__dirname, '../../docs', page), 'utf8');
  const blocks = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  const policy = JSON.parse(blocks.find((block) => block.includes('"statement"')) ?? '{"statement":[]}') as {
    statement: { action: string[] }[];
  };
  return policy.statement.flatMap(({ action }) => action);
}
