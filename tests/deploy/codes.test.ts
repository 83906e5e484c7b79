/** The error codes that deploy and the fake cloud name are codes that the vendor lists. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { advice } from '../../deploy/advice';
import * as codes from '../../deploy/codes';
import { everyListedCode, isListedFor, listedActions } from './vendor/codes';

const { absentCodes, existsCodes, fits } = codes;
const sources = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
const deployFolder = join(__dirname, '../../deploy');
const fakeFolder = join(__dirname, 'fake-cloud');
const isListed = (pattern: string) => [...everyListedCode].some((code) => fits(pattern, code));

/** What looks like an error code in a source: `FailedOperation.CNAME`. */
const codePattern =
  /['"`]((?:ActionOffline|AuthFailure|FailedOperation|InternalError|InvalidParameter|InvalidParameterValue|LimitExceeded|MissingParameter|OperationDenied|RequestLimitExceeded|ResourceInUse|ResourceInsufficient|ResourceNotFound|ResourceUnavailable|ServiceUnavailable|UnauthorizedOperation|UnknownParameter|UnsupportedOperation|UnsupportedRegion)(?:\.[A-Za-z0-9*]+)*)['"`]/g;
const codesIn = (folder: string) =>
  new Set(sources(folder).flatMap((text) => [...text.matchAll(codePattern)].map(([, code = '']) => code)));

describe('the error codes', () => {
  it('of every action that deploy calls are in the data', () => {
    const called = sources(deployFolder).flatMap((text) =>
      [...text.matchAll(/\b(scf|cynosdb|vpc|cls|cam|sts)\('(\w+)'/g)].map(
        ([, product, action]) => `${product}:${action}`,
      ),
    );
    expect(new Set(called).size).toBeGreaterThan(50);
    expect(listedActions).toEqual(expect.arrayContaining([...new Set(called)]));
  });

  it.each([
    ['deploy', deployFolder],
    ['the fake cloud', fakeFolder],
  ])('that %s names are listed by the vendor', (_name, folder) => {
    const named = codesIn(folder);
    expect(named.size).toBeGreaterThan(30);
    expect([...named].filter((code) => !isListed(code))).toEqual([]);
  });

  it('with advice are listed, families too', () => {
    expect(advice.flatMap((entry) => entry.codes).filter((code) => !isListed(code))).toEqual([]);
  });

  it('that mean "absent" or "exists" to an action are in its own list', () => {
    // The vendor's list of DeleteCustomDomain is a copy of that of DeleteAlias.
    const known = ['scf:DeleteCustomDomain FailedOperation.Domain.UnExist'];
    const foreign = [absentCodes, existsCodes].flatMap((table) =>
      Object.entries(table).flatMap(([action, list]) =>
        list.filter((code) => !isListedFor(action, code)).map((code) => `${action} ${code}`),
      ),
    );
    expect(foreign).toEqual(known);
  });
});
