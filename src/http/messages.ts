/** A request and an answer, whatever way they came and go: HTTP, API Gateway, Function URL. */

export interface Request {
  method: string;
  /** Path as sent, without the query. */
  path: string;
  /** Parameters of the query, decoded, in order. */
  query: readonly (readonly [string, string])[];
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** The body was larger than MAX_BODY and was not kept. */
  bodyTooLarge?: boolean;
}

export interface Response {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** Decodes `a=1&b=2` as browsers encode it; what is not valid percent-encoding stays as it is. */
export function decodePairs(text: string): [string, string][] {
  return [...new URLSearchParams(text)];
}
