/** The functions of a service. A web function takes no timer, so the scheduled work has a function of its own. */
import type { Settings } from './settings';

export interface FunctionNames {
  /** Has the Function URL. */
  readonly main: string;
  /** Has the timer. The same function as `main` if functionType is event. */
  readonly scheduled: string;
  /** Both, each once. */
  readonly all: readonly string[];
}

const timerOf = (name: string): string => `${name}-timer`;

export function functionNames({ functionType, name }: Pick<Settings, 'functionType' | 'name'>): FunctionNames {
  const scheduled = functionType === 'web' ? timerOf(name) : name;
  return { main: name, scheduled, all: [...new Set([name, scheduled])] };
}

/** The names in both shapes of the service, so that a change of functionType leaves no function behind. */
export function everyFunctionName({ name }: Pick<Settings, 'name'>): readonly string[] {
  return [timerOf(name), name];
}
