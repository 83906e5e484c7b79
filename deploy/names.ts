/** Which functions there are. A web function takes no timer, so the scheduled work has a function of its own. */
import type { Settings } from './settings';

export interface FunctionNames {
  /** Has the Function URL. */
  readonly main: string;
  /** Has the timer. The same one when functionType is event. */
  readonly scheduled: string;
  /** Both, each once. */
  readonly all: readonly string[];
}

export function functionNames({ functionType, name }: Pick<Settings, 'functionType' | 'name'>): FunctionNames {
  const scheduled = functionType === 'web' ? `${name}-timer` : name;
  return { main: name, scheduled, all: [...new Set([name, scheduled])] };
}
