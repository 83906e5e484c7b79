/** Passes a code to its sender and translates the outcome to errors of the API. */
import { ApiError } from '../../base/errors';
import type { Context } from '../context';
import type { Address } from './contact';
import { DeliveryError } from './ports';

/** The error for the caller. 209 is the caller's limit; 102 and 104 need the operator, who finds the cause in the log. */
function toApiError(kind: Address['kind'], { reason }: DeliveryError): ApiError {
  if (reason === 'limited') return new ApiError('UserQueryLimit', 'too many messages, please try again later');
  if (kind === 'phone') {
    return reason === 'refused'
      ? new ApiError('SystemVerifyError', 'no message can be sent to this number')
      : new ApiError('ServiceSmsFailed', 'the message could not be sent');
  }
  return reason === 'refused'
    ? new ApiError('UserEmailInvalid', 'no mail can be sent to this address')
    : new ApiError('ServiceUnknownError', 'the mail could not be sent');
}

/** Throws the error of `deliver` if the settings already rule out sending; then nothing is counted. */
export function checkSender({ services }: Context, { kind, text }: Address): void {
  if (services.codes.sender.ready(kind, text)) return;
  services.log('code_not_sent', { kind, reason: 'failed', code: 'NotConfigured' });
  throw toApiError(kind, new DeliveryError('failed', 'NotConfigured'));
}

export async function deliver(ctx: Context, { kind, text }: Address, digits: string): Promise<void> {
  const { codes, config, log } = ctx.services;
  const minutes = Math.max(1, Math.round(config.codes.codeSeconds / 60));
  try {
    await ctx.budget.outside((leftMs) => codes.sender.send({ kind, address: text, digits, minutes }, leftMs));
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    log('code_not_sent', { kind, reason: error.reason, code: error.code });
    throw toApiError(kind, error);
  }
}
