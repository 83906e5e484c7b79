/** The argument of every step: folder, settings, cloud, output, clock. */
import type { Clock } from './clock';
import type { Cloud } from './cloud';
import type { Variables } from './environment';
import type { Reporter } from './reporter';
import type { Settings } from './settings';
import type { StateFile } from './state';

export interface Context {
  readonly root: string;
  readonly settings: Settings;
  readonly cloud: Cloud;
  readonly report: Reporter;
  readonly state: StateFile;
  readonly clock: Clock;
  /** Process environment and .env files, merged. */
  readonly env: Variables;
}
