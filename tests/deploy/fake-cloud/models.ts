/** Checks requests against the SDK's own typings, as the vendor's server does. */
import { checkModel, ModelError } from '../../../testkit/cloud-models';
import { Refusal } from './refusal';

/** X-TC-Version distinguishes the products, because all of them share one loopback address. */
export const products: Readonly<Record<string, string>> = {
  '2018-04-16': 'scf',
  '2019-01-07': 'cynosdb',
  '2017-03-12': 'vpc',
  '2020-10-16': 'cls',
  '2019-01-16': 'cam',
  '2018-08-13': 'sts',
};

/** Throws Refusal if the SDK's typings do not know the action or the parameters. */
export function checkRequest(version: string, action: string, body: unknown): void {
  const product = products[version];
  if (!product) throw new Refusal('NoSuchVersion', `No product has version ${version}.`);
  try {
    checkModel({ product, version, action }, body);
  } catch (error) {
    throw error instanceof ModelError ? new Refusal(error.code, error.message) : error;
  }
}
