/** The type of a call of the fake of the operators' API. */

export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type Params = Record<string, unknown>;

export interface Call {
  scope: 'read' | 'moderate' | 'manage';
  fields: readonly string[];
  list?: boolean;
  run: (params: Params) => unknown;
}
export type Calls = Readonly<Record<string, Call>>;

export const text = (value: unknown) => (value === undefined ? '' : String(value));

export function gone(what: string): never {
  throw new Refused(404, what);
}
